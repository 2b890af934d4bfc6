import type { Progress } from '@ballast/embedded';

/** One stage of a run in one line: `day 2 of 5, 2017-07-03: pricing, 250 symbols`. */
export function progressText({ day, days, asOf, stage, detail }: Progress): string {
  const when = days > 1 ? `day ${day} of ${days}, ${asOf}` : asOf;
  return `${when === '' ? '' : `${when}: `}${stage}${detail === '' ? '' : `, ${detail}`}`;
}

/** Where progress is written. */
export interface ProgressSink {
  err(text: string): void;
  /** Whether a line can be written over. */
  readonly live: boolean;
}

const CLEAR_LINE = '\r\u001b[2K';
const LINE_LENGTH_MAX = 100;

/** Shows a run stage by stage: one line that is written over on a terminal, one line a stage elsewhere. */
export class ProgressView {
  #stage = '';
  #open = false;

  constructor(private readonly sink: ProgressSink) {}

  readonly show = (progress: Progress): void => {
    if (this.sink.live) {
      this.sink.err(`${CLEAR_LINE}${progressText(progress).slice(0, LINE_LENGTH_MAX)}`);
      this.#open = true;
      return;
    }
    const stage = `${progress.day} ${progress.stage}`;
    if (stage === this.#stage) return;
    this.#stage = stage;
    this.sink.err(`${progressText(progress)}\n`);
  };

  /** Takes the live line away, so that what follows starts on an empty one. */
  end(): void {
    if (this.#open) this.sink.err(CLEAR_LINE);
    this.#open = false;
  }
}
