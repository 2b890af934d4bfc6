import { limitAlarms, type Clock, type LimitUsage } from '@ballast/platform';
import type { Client } from '../run/client.js';
import { crossings } from './crossings.js';
import { every, onChange, type Loop } from './loop.js';

export interface StreamWatchOptions {
  readonly usage: () => Promise<readonly LimitUsage[]>;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

const LOOK_MS = 30_000;

/**
 * Watches how full the stream is. Beyond its limits nothing can be published any more, so
 * at 80 % of one of them people are told, once until it has fallen back.
 */
export function watchStream({ usage, client, clock, log }: StreamWatchOptions): Loop {
  let full: ReadonlySet<string> = new Set();
  const step = async (): Promise<void> => {
    const found = crossings(full, limitAlarms(await usage()));
    for (const { limit, used, max } of found.crossed) {
      log(`the stream is nearly full: ${used} of ${max} (${limit}); see "npx ballast alert list"`);
      await client.post('/api/v1/alerts/stream-usage', { limit, used, max }, `stream-${limit}-${clock.now()}`);
    }
    // Kept only now: what could not be told is told at the next look.
    full = found.full;
  };
  const tell = onChange(log);
  return every(LOOK_MS, step, (line) => tell(`the stream could not be looked after: ${line}; trying again`));
}
