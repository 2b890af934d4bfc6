import { createHash } from 'node:crypto';
import type { Clock } from '@ballast/platform';

/** What happened in one run, a line a step. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #hash = createHash('sha256');

  constructor(
    private readonly clock: Clock,
    private readonly live: (line: string) => void = () => undefined,
  ) {}

  add(text: string): void {
    const line = `${String(this.#lines.length + 1).padStart(5)} ${this.clock.now().slice(5, 23)} ${text}`;
    this.#lines.push(line);
    this.#hash.update(`${line}\n`);
    this.live(line);
  }

  get length(): number {
    return this.#lines.length;
  }

  last(count: number): string[] {
    return this.#lines.slice(-count);
  }

  /** Names the whole run: two runs of a seed have the same. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
