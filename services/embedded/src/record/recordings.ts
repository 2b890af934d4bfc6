import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FilePackStore } from '@ballast/platform';
import { writeRecording, type RecordedMessage, type SimDatabase } from '@ballast/testing';
import { RECORDED } from './services.js';

/** The recording of a service, below the root of the repository. */
export const recordingOf = (root: string, service: string): string =>
  join(root, 'services', service, 'test/recordings/two-days.jsonl.gz');

/** The files that recorded messages name, a pack store. */
export const recordedPacks = (root: string): string => join(root, 'services/embedded/test/recordings/packs');

/** One file of the recordings, as it is now. */
export interface Written {
  readonly file: string;
  readonly messages: number | null;
  readonly changed: boolean;
}

/**
 * Writes what a finished run has left in its inboxes, and the packs that it names.
 * @throws Error where a message was left unhandled.
 */
export async function writeRecordings(root: string, database: SimDatabase, packsFolder: string): Promise<Written[]> {
  const written: Written[] = [];
  const named = new Set<string>();
  for (const { name } of RECORDED) {
    const messages = await recordedMessages(database, name);
    for (const [hash] of JSON.stringify(messages).matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)) named.add(hash);
    const file = recordingOf(root, name);
    written.push({ file, messages: messages.length, changed: await writeRecording(file, messages) });
  }
  return [...written, ...(await writePacks(packsFolder, recordedPacks(root), named))];
}

async function recordedMessages(database: SimDatabase, service: string): Promise<RecordedMessage[]> {
  const [held] = await database.rows<{ type: string }>(service, `select type from inbox where state <> 'handled'`);
  if (held) throw new Error(`${service} has not handled a message of type ${held.type}`);
  // A fact is said in the transaction of the message that caused it, and named after it.
  return database.rows<RecordedMessage>(
    service,
    `select turn, event_id, source, type, noun, key, key_seq, correlation_id, body,
            (headers::jsonb - '{traceparent,tracestate,baggage}'::text[])::json as headers, state, handled_at, result_hash,
            coalesce((select json_agg(json_build_object('subject', subject, 'data', outbox.body::json -> 'data')
                                      order by tx, seq)
                        from outbox where outbox.body::json ->> 'causationid' = inbox.event_id::text), '[]') as said
       from inbox order by turn`,
  );
}

/** Makes the recorded store one of exactly the files that are named. */
async function writePacks(from: string, to: string, named: ReadonlySet<string>): Promise<Written[]> {
  await mkdir(to, { recursive: true });
  const wanted = (await new FilePackStore(from).list()).filter(({ hash }) => named.has(hash));
  const files = wanted.map(({ hash, kind }) => join(hash.slice(0, 2), `${hash}.${kind}`));
  const there = (await readdir(to, { recursive: true })).filter((file) => dirname(file) !== '.');
  for (const file of there) if (!files.includes(file)) await rm(join(to, file));
  for (const file of files) if (!there.includes(file)) await cp(join(from, file), join(to, file));
  return files.map((file) => ({ file: join(to, file), messages: null, changed: !there.includes(file) }));
}
