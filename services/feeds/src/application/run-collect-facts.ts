import { Retryable, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { FACT_SOURCE, TEXT_FILES, type FactSource, type TextFiles } from '../adapters/ports.js';
import { ImportRefused } from '../domain/import-refused.js';
import { BODY_LENGTH_MAX, CollectFacts, type CollectionAnswer, type CollectionRequest } from '../messages-facts.js';

/** How long one try may take, waits for turns and retries included; a claim on a task holds for a minute. */
const DEADLINE_MS = 45_000;

/** Fetches the words of a source; they are read where they are taken in. */
@Injectable()
export class RunCollectFacts implements Runner<CollectionRequest, CollectionAnswer> {
  readonly work = CollectFacts;

  constructor(
    @Inject(FACT_SOURCE) private readonly facts: FactSource,
    @Inject(TEXT_FILES) private readonly files: TextFiles,
  ) {}

  async run({ request }: Work<CollectionRequest>): Promise<CollectionAnswer> {
    const { what, date, subject, today, path } = request;
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    try {
      if (path !== null) return { kind: 'fetched', body: await this.#readFile(path) };
      return { kind: 'fetched', body: bounded(await this.facts.fetch({ what, date, subject, today }, deadline)) };
    } catch (error) {
      if (error instanceof ImportRefused) {
        return { kind: 'refused', code: error.code, reason: error.message, nextStep: error.nextStep };
      }
      if (deadline.aborted) throw new Retryable('SOURCE_AWAY', `${what} took longer than ${DEADLINE_MS} ms`);
      throw error;
    }
  }

  /** The text of a file, plain or packed. */
  async #readFile(path: string): Promise<string> {
    let text = '';
    for await (const piece of this.files.read(path)) text = bounded(text + piece.text);
    return text;
  }
}

/** @throws ImportRefused SOURCE_TOO_LARGE. */
function bounded(text: string): string {
  if (text.length <= BODY_LENGTH_MAX) return text;
  throw new ImportRefused(
    'SOURCE_TOO_LARGE',
    `it has more than ${BODY_LENGTH_MAX} characters`,
    'Ask for less at once, for example for one day, or split the file.',
  );
}
