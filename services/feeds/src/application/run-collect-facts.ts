import { Retryable, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { FACT_SOURCE, type FactSource } from '../adapters/ports.js';
import { ImportRefused } from '../domain/import-refused.js';
import { BODY_LENGTH_MAX, CollectFacts, type CollectionAnswer, type CollectionRequest } from '../messages-facts.js';

/** How long one try may take, waits for turns and retries included; a claim on a task holds for a minute. */
const DEADLINE_MS = 45_000;

/** Fetches the words of a source; they are read where they are taken in. */
@Injectable()
export class RunCollectFacts implements Runner<CollectionRequest, CollectionAnswer> {
  readonly work = CollectFacts;

  constructor(@Inject(FACT_SOURCE) private readonly facts: FactSource) {}

  async run({ request }: Work<CollectionRequest>): Promise<CollectionAnswer> {
    const { what, date, subject, today } = request;
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    try {
      const body = await this.facts.fetch({ what, date, subject, today }, deadline);
      if (body.length <= BODY_LENGTH_MAX) return { kind: 'fetched', body };
      throw new ImportRefused(
        'SOURCE_TOO_LARGE',
        `the answer has ${body.length} characters, ${BODY_LENGTH_MAX} are allowed`,
        'Ask for less at once, for example for one day.',
      );
    } catch (error) {
      if (error instanceof ImportRefused) {
        return { kind: 'refused', code: error.code, reason: error.message, nextStep: error.nextStep };
      }
      if (deadline.aborted) throw new Retryable('SOURCE_AWAY', `${what} took longer than ${DEADLINE_MS} ms`);
      throw error;
    }
  }
}
