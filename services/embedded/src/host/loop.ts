import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@ballast/platform';

/** Something that goes on until it is stopped. */
export interface Loop {
  /** Resolves when the step in hand has ended. */
  stop(): Promise<void>;
}

/** Takes a step again and again, `ms` after the one before has ended. What a step throws is told, and it goes on. */
export function every(ms: number, step: () => Promise<void>, tell: (line: string) => void): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await step().catch((error: unknown) => tell(messageOf(error)));
      await pause(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Passes a line on unless it is the one that was said last: what lasts is worth one line. */
export function onChange(say: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    if (line !== last) say(line);
    last = line;
  };
}
