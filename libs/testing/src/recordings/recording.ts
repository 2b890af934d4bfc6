import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Envelope, Instant } from '@ballast/contracts';
import type { Handled } from '@ballast/platform';

/**
 * One handled message of a service: the columns of its inbox that a replay needs, under
 * their own names, and what the handler said then, so that a difference can be shown.
 */
export interface RecordedMessage {
  readonly turn: number;
  readonly event_id: string;
  readonly source: string;
  readonly type: string;
  readonly noun: string | null;
  readonly key: string;
  readonly key_seq: number | null;
  readonly correlation_id: string;
  readonly body: Envelope;
  /** Without those of a trace, which no decision may depend on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly state: 'handled';
  readonly handled_at: Instant;
  /** Null where a person skipped the message. */
  readonly result_hash: string | null;
  readonly said: Handled['said'];
}

const jsonLines = (messages: readonly RecordedMessage[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('');

/** The messages in the text of a recording, one JSON object a line. */
const messagesIn = (text: string): RecordedMessage[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedMessage);

/** Reads a recording (gzipped JSON lines) in the order of its turns. @throws where the file is missing or damaged. */
export async function readRecording(file: string): Promise<RecordedMessage[]> {
  return messagesIn(gunzipSync(await readFile(file)).toString('utf8'));
}

/**
 * Writes a recording. A file with the same messages is left alone: zlib packs the same
 * text differently from one version and processor to the next, and a recording may change
 * only where its content does. Out: whether it was written.
 */
export async function writeRecording(file: string, messages: readonly RecordedMessage[]): Promise<boolean> {
  const text = jsonLines(messages);
  const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (packed !== null && gunzipSync(packed).toString('utf8') === text) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, gzipSync(text, { level: 9 }));
  return true;
}
