import type { Envelope, Outcome } from '@ballast/contracts';
import { CONFIG, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { QUALITY_MIN } from '../domain/snapshot.js';
import { CheckSource, type CheckAnswer, type CheckRequest } from '../messages.js';
import { takeOverQuality } from '../persistence/quality-queries.js';
import { sayPack } from './pack-state.js';

/** Symbols that an alert names. */
const SHOWN_MAX = 20;

/** A source was checked after an import: what was found is kept, and somebody is told where it is not good enough. */
@Controller()
export class OnSourceChecked {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(CheckSource.answered)
  async handle(
    @Payload() message: Envelope<{ request: CheckRequest; outcome: Outcome<CheckAnswer> }>,
    @Ctx() ctx: InboxContext<'feeds'>,
  ): Promise<void> {
    const { request, outcome } = message.data;
    const { source, importId } = request;
    if (outcome.status !== 'done') {
      return ctx.alert({
        code: 'QUALITY_UNKNOWN',
        severity: 'warning',
        message: `the history of ${source} could not be checked: ${outcome.reason}`.slice(0, 1_000),
        numbers: { importId },
        nextStep:
          'Look at the log of feeds for the reason, and import again; cycles check what they look at themselves.',
      });
    }
    const totals = outcome.answer;
    if (!(await takeOverQuality(ctx.tx, source, importId, totals, ctx.now))) return;
    const { average, lowest, below, missingSessions, findings, reconciliation } = totals;
    ctx.audit({
      act: 'history.checked',
      subject: importId,
      detail: { source, average, lowest, below: below.count, missingSessions, findings, reconciliation },
    });
    await sayPack(ctx, { config: this.config, packs: this.packs });
    if (reconciliation?.status === 'red') disagreement(ctx, source, reconciliation);
    if (below.count > 0) {
      const named = below.first.slice(0, SHOWN_MAX).join(', ');
      const more = below.count > SHOWN_MAX ? ` and ${below.count - SHOWN_MAX} more` : '';
      ctx.alert({
        code: 'HISTORY_QUALITY_LOW',
        severity: 'warning',
        message: `the whole history of ${named}${more} in ${source} scores below ${QUALITY_MIN}`,
        numbers: { symbols: `${below.count}`, lowest: `${lowest}`, average: `${average}` },
        nextStep: `"ballast data quality --symbols ${below.first[0]!}" lists the faults with their dates.`,
      });
    }
    if (missingSessions > 0) {
      ctx.alert({
        code: 'DATA_MISSING_DAYS',
        severity: 'warning',
        message: `${source} lacks ${missingSessions} bars on days on which the exchange was open`,
        numbers: { missing: `${missingSessions}`, rows: `${totals.rows}`, symbols: `${totals.symbols}` },
        nextStep: '"ballast data verify" shows the symbols and the gaps; fetch or import the missing days.',
      });
    }
  }
}

function disagreement(
  ctx: InboxContext<'feeds'>,
  source: string,
  { against, compared, differing, first }: NonNullable<CheckAnswer['reconciliation']>,
): void {
  const shown = first.map(({ symbol, date, own, other }) => `${symbol} ${date} ${own} and ${other}`).join(', ');
  ctx.alert({
    code: 'SOURCES_DISAGREE',
    severity: 'critical',
    message: `${differing} of ${compared} closes of ${source} and ${against} differ${shown && `: ${shown}`}`.slice(
      0,
      1_000,
    ),
    numbers: { compared: `${compared}`, differing: `${differing}` },
    nextStep:
      'Find out which of them is right and import it; until then cycles are refused, unless somebody answers for it.',
  });
}
