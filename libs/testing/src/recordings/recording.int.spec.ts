import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readRecording, writeRecording, type RecordedMessage } from './recording.js';

const message = (turn: number): RecordedMessage => ({
  turn,
  event_id: `e-${turn}`,
  source: 'bus',
  type: 'feeds.text.received.v1',
  noun: 'feeds.text',
  key: 'fed',
  key_seq: turn,
  correlation_id: 'c',
  body: { data: { text: 'two\nlines' } } as unknown as RecordedMessage['body'],
  headers: {},
  state: 'handled',
  handled_at: '2024-03-04T15:30:00.000Z',
  result_hash: 'h',
  said: [],
});

describe('a recording', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ballast-recording-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is read back as it was written', async () => {
    const file = join(folder, 'new/folder/a.jsonl.gz');
    expect(await writeRecording(file, [message(1), message(2)])).toBe(true);
    expect(await readRecording(file)).toEqual([message(1), message(2)]);
  });

  it('is left alone while its messages are the same, however they were packed', async () => {
    const file = join(folder, 'b.jsonl.gz');
    await writeFile(file, gzipSync(`${JSON.stringify(message(1))}\n`, { level: 1 }));
    const before = await stat(file);
    expect(await writeRecording(file, [message(1)])).toBe(false);
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
    expect(await writeRecording(file, [message(2)])).toBe(true);
    expect(await readRecording(file)).toEqual([message(2)]);
  });
});
