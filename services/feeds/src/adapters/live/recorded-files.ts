import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '@ballast/platform';
import { Unzip, UnzipInflate } from 'fflate';
import { gunzipSync } from 'node:zlib';
import { CsvReader } from '../../domain/csv.js';
import { FeedRefused } from '../../domain/live/feed-refused.js';
import { formOf, midnightOf, minuteTick, readLine, type RecordedTick } from '../../domain/live/recording.js';

/** A recorded file, packed and unpacked: a day of ticks of one symbol has some 10 MB. */
const PACKED_BYTES_MAX = 256 * 1024 ** 2;
const UNPACKED_BYTES_MAX = 512 * 1024 ** 2;
/** Files that are played together. */
export const FILES_MAX = 64;

/** What files hold, merged in order of time, read as it is asked for. */
export interface Recording {
  readonly symbols: readonly string[];
  /** When the first tick is known, in ms since 1970. */
  readonly fromMs: number;
  ticks(): Iterable<RecordedTick>;
}

/**
 * Reads a recording: LEAN archives of ticks, seconds or minutes, and minute bars as CSV (`.gz` too).
 * @param date of minute files the day that is played; the first that all of them have in common where it is not said.
 * @param only the symbols that are played; all where there are none.
 * @throws FeedRefused RECORDING_NOT_FOUND, RECORDING_UNKNOWN, RECORDING_UNREADABLE, RECORDING_EMPTY.
 */
export async function readRecording(
  paths: readonly string[],
  { date, only }: { readonly date?: string | undefined; readonly only: readonly string[] },
): Promise<Recording> {
  const tracks: Track[] = [];
  for (const path of paths) tracks.push(...(await tracksOf(path)));
  const days = [...new Set(tracks.flatMap((track) => track.dates))].sort();
  const day = date ?? days.find((each) => tracks.every((track) => track.dates.includes(each)));
  const played = tracks.filter((track) => day !== undefined && track.dates.includes(day));
  const wanted = (symbol: string): boolean => only.length === 0 || only.includes(symbol);
  const sources = played.map((track) => () => filtered(track.ticks(day!), wanted));
  const heads = sources.flatMap((source) => {
    const first = source().next();
    return first.done ? [] : [first.value];
  });
  if (heads.length === 0) {
    throw new FeedRefused(
      'RECORDING_EMPTY',
      `there is no tick of ${only.length > 0 ? only.join(', ') : 'any symbol'} on ${day ?? 'a day that all files have'}; the files have ${days.slice(0, 10).join(', ')}`,
      'Choose the day with FEEDS_LIVE_REPLAY_DATE, and symbols that the files have.',
    );
  }
  return {
    symbols: [...new Set(played.flatMap((track) => track.symbols))].filter(wanted).sort(),
    fromMs: Math.min(...heads.map(({ knownMs }) => knownMs)),
    ticks: () => merged(sources.map((source) => source())),
  };
}

interface Track {
  readonly dates: readonly string[];
  readonly symbols: readonly string[];
  ticks(date: string): Iterator<RecordedTick>;
}

async function tracksOf(path: string): Promise<Track[]> {
  const bytes = await bytesOf(path);
  try {
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return archived(bytes);
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = (packed ? gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }) : bytes).toString('utf8');
    return [minuteTrack(text)];
  } catch (error) {
    if (error instanceof FeedRefused) throw new FeedRefused(error.code, `${path}: ${error.message}`, error.nextStep);
    throw new FeedRefused('RECORDING_UNREADABLE', `${path}: ${messageOf(error)}`, 'Copy or download the file again.');
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size <= PACKED_BYTES_MAX) return await readFile(path);
  } catch (error) {
    throw new FeedRefused(
      'RECORDING_NOT_FOUND',
      `${path} cannot be read: ${messageOf(error)}`,
      'Give paths of files on the machine of feeds in FEEDS_LIVE_REPLAY_FILES.',
    );
  }
  throw new FeedRefused(
    'RECORDING_UNREADABLE',
    `${path} has more than ${PACKED_BYTES_MAX} bytes`,
    'Give smaller files.',
  );
}

/**
 * The files of an archive by name, unpacked as a stream: LEAN's archives tell their sizes only beside the data.
 * @throws Error where it is cut off, damaged, or unpacks to more than the bound.
 */
function unpacked(bytes: Buffer): Map<string, Buffer> {
  const parts = new Map<string, { readonly chunks: Uint8Array[]; ended: boolean }>();
  let left = UNPACKED_BYTES_MAX;
  const archive = new Unzip((file) => {
    if (!file.name.endsWith('.csv')) return;
    const part = { chunks: [] as Uint8Array[], ended: false };
    parts.set(file.name, part);
    file.ondata = (error, chunk, final) => {
      if (error) throw error;
      left -= chunk.length;
      if (left < 0) throw new Error(`it unpacks to more than ${UNPACKED_BYTES_MAX} bytes`);
      part.chunks.push(chunk);
      part.ended = final;
    };
    file.start();
  });
  archive.register(UnzipInflate);
  archive.push(bytes, true);
  if ([...parts.values()].some(({ ended }) => !ended)) throw new Error('the archive is cut off');
  return new Map([...parts].map(([name, { chunks }]) => [name, Buffer.concat(chunks)]));
}

function archived(bytes: Buffer): Track[] {
  return [...unpacked(bytes)].map(([name, content]) => {
    const form = formOf(name.slice(name.lastIndexOf('/') + 1));
    const midnightMs = midnightOf(form.date);
    const text = content.toString('latin1');
    return {
      dates: [form.date],
      symbols: [form.symbol],
      *ticks() {
        let number = 0;
        for (let from = 0; from < text.length;) {
          const to = text.indexOf('\n', from);
          const end = to === -1 ? text.length : to;
          const line = text.slice(from, text[end - 1] === '\r' ? end - 1 : end);
          from = end + 1;
          number += 1;
          if (line !== '') yield readLine(form, midnightMs, line, number);
        }
      },
    };
  });
}

/** Rows of many days and symbols in any order; sorted once, because they are few. */
function minuteTrack(text: string): Track {
  const reader = new CsvReader();
  const [header, ...records] = [...reader.read(text), ...reader.end()];
  const names = header?.fields ?? [];
  if (!names.includes('timestamp_et') || !names.includes('symbol')) {
    throw new FeedRefused(
      'RECORDING_UNKNOWN',
      `its header "${names.join(',').slice(0, 200)}" has no timestamp_et and symbol`,
      'Give minute bars as CSV with a header, or archives of LEAN.',
    );
  }
  const byDate = new Map<string, RecordedTick[]>();
  for (const { line, fields } of records) {
    const row = Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']));
    const date = row['timestamp_et']!.slice(0, 10);
    const tick = minuteTick(row, line);
    const day = byDate.get(date);
    if (day) day.push(tick);
    else byDate.set(date, [tick]);
  }
  for (const ticks of byDate.values()) ticks.sort((a, b) => a.knownMs - b.knownMs);
  return {
    dates: [...byDate.keys()].sort(),
    symbols: [...new Set([...byDate.values()].flatMap((ticks) => ticks.map(({ tick }) => tick.symbol)))],
    ticks: (date) => (byDate.get(date) ?? [])[Symbol.iterator](),
  };
}

function* filtered(
  ticks: Iterator<RecordedTick>,
  wanted: (symbol: string) => boolean,
): Generator<RecordedTick, undefined> {
  for (let next = ticks.next(); !next.done; next = ticks.next()) {
    if (wanted(next.value.tick.symbol)) yield next.value;
  }
  return undefined;
}

/** Merges iterators that are sorted by time each; of the same moment the earlier one of the list comes first. */
function* merged(sources: readonly Iterator<RecordedTick>[]): Generator<RecordedTick> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let first = -1;
    for (let i = 0; i < heads.length; i += 1) {
      const head = heads[i]!;
      if (head.done) continue;
      const best = first === -1 ? undefined : heads[first];
      if (!best || best.done || head.value.knownMs < best.value.knownMs) first = i;
    }
    if (first === -1) return;
    yield heads[first]!.value as RecordedTick;
    heads[first] = sources[first]!.next();
  }
}
