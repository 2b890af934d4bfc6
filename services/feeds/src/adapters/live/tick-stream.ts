import { subjectToken, uuid5 } from '@ballast/contracts';
import type { Bus, Log, TickMessage } from '@ballast/platform';
import { tradeKey } from '../../domain/live/tick.js';
import type { HeardTick, TickSink } from './ports.js';

/** Publishes ticks to the stream of ticks; on a bus that has none they go nowhere, and that is said once. */
export class TickStream implements TickSink {
  #said = false;

  constructor(
    private readonly bus: Bus,
    private readonly logger: Log,
  ) {}

  async publish(ticks: readonly HeardTick[]): Promise<void> {
    if (this.bus.publishTicks) return this.bus.publishTicks(ticks.map(messageOfTick));
    if (this.#said) return;
    this.#said = true;
    this.logger.info('this bus keeps no stream of ticks: they are watched, and kept nowhere');
  }
}

/** `ticks.<kind>.<symbol>`; a trade has an id by its name, so that one that is brought again is stored once. */
export function messageOfTick({ tick, source, simulated }: HeardTick): TickMessage {
  const subject = `ticks.${tick.kind}.${subjectToken(tick.symbol)}`;
  const id = tick.kind === 'trade' ? uuid5('tick', source, tradeKey(tick)) : null;
  return { id, subject, body: JSON.stringify({ ...tick, source, simulated }) };
}
