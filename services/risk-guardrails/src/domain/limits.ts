import { hashOf } from '@ballast/contracts';
import type { GuardrailLimits } from '@ballast/kernel/guardrails';

/** The limits as an operator sets them, as parts of equity and of average daily volume. */
export interface Limits {
  readonly notionalPerNameMax: string;
  readonly sectorGrossMax: string;
  readonly advFractionMax: string;
}

/** A rule book: the limits under the version that their hash gives them. */
export const ruleBook = (limits: Limits): GuardrailLimits & Limits => ({
  ...limits,
  version: `limits-${hashOf(limits).slice(0, 12)}`,
});

/** One check in words: what is compared, against what, and where the rule comes from. */
export interface Explanation {
  readonly code: string;
  readonly rule: string;
  readonly limit: string;
  readonly source: string;
  readonly findings: readonly string[];
}

/** The checks of every trade in words, with the limits in force. */
export const explain = ({ notionalPerNameMax, sectorGrossMax, advFractionMax }: Limits): Explanation[] => [
  {
    code: 'HALT',
    rule: 'No trade is let through while the account is halted.',
    limit: 'not halted',
    source: 'execution.halt.raised and execution.halt.lifted, the newest epoch',
    findings: ['HALTED'],
  },
  {
    code: 'NOTIONAL_PER_NAME',
    rule:
      'The position in one name after the trade, whichever working orders fill, at the mark, over equity. ' +
      'A trade over the limit is cut to the largest whole quantity that fits; a trade that only reduces passes.',
    limit: notionalPerNameMax,
    source: 'marks of feeds.snapshot.sealed; positions, working orders and equity of portfolio.position.valued',
    findings: ['POSITION_SIZE_EXCEEDED', 'MISSING_MARK', 'MISSING_EQUITY', 'EQUITY_NOT_POSITIVE'],
  },
  {
    code: 'SECTOR_EXPOSURE',
    rule:
      'The gross exposure of the name’s sector after the trade, working orders included, over equity. ' +
      'An unknown sector is refused live and marked not_evaluated on paper.',
    limit: sectorGrossMax,
    source: 'sectors and marks of feeds.snapshot.sealed; positions and equity of portfolio.position.valued',
    findings: ['SECTOR_EXPOSURE_EXCEEDED', 'SECTOR_UNKNOWN', 'MISSING_MARK', 'MISSING_EQUITY', 'EQUITY_NOT_POSITIVE'],
  },
  {
    code: 'LIQUIDITY',
    rule:
      'The shares that the plan trades of a name over its average daily volume of the last 20 completed sessions. ' +
      'Without at least 15 sessions with a volume the trade is refused.',
    limit: advFractionMax,
    source: 'average daily volume of feeds.snapshot.sealed',
    findings: ['LIQUIDITY_BELOW_THRESHOLD', 'INSUFFICIENT_VOLUME_DATA'],
  },
];
