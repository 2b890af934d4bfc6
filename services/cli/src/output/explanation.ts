import type { Json } from '../client.js';
import type { Explanation } from '../explain.js';
import { isParent } from '../orders.js';
import { percent } from './format.js';
import { renderSlices } from './order.js';
import { cell, columnsOf, member, objectsOf, renderRecord } from './record.js';
import { renderPairs, renderTable } from './table.js';

/** Renders the walk from an order back to the prices, one numbered step a stage, and at the end what could not be shown. */
export function renderExplanation(explanation: Explanation): string {
  const { cycle, prices, missing } = explanation;
  const steps: [title: string, body: string | null][] = [
    ...ordered(explanation),
    ['Verdict: what the guardrails compared', verdict(explanation)],
    ['Tax: what the sale was expected to realise', explanation.taxImpact && tax(explanation.taxImpact)],
    ['Plan: who wanted it', plan(explanation)],
    ['Scores of the strategies', explanation.scores && scores(explanation.scores)],
    ['Prices that were looked at', prices && renderRecord(prices)],
    ['Decision', explanation.decision && renderRecord(explanation.decision)],
    ['Cycle', cycle && renderRecord(cycle)],
  ];
  const shown = steps.map(([title, body], i) => `${i + 1}. ${title}\n${indented(body ?? 'not available\n')}`);
  const gaps = missing.length === 0 ? [] : [`Not shown\n${indented(missing.map((gap) => `${gap}\n`).join(''))}`];
  return [...shown, ...gaps].join('\n');
}

function ordered({ order, fills, parent, slices, transitions }: Explanation): [title: string, body: string | null][] {
  const title = `Order ${cell(order['orderId'])}`;
  if (isParent(order)) {
    return [
      [title, renderRecord(order)],
      ['Its slices at the venue', renderSlices(slices)],
    ];
  }
  return [
    [title, renderRecord(fills.length > 0 ? { ...order, fills } : order)],
    ['Parent: what the order is a slice of', parent && renderRecord(parent)],
    ['Life of the order at the venue', transitions && renderRecord({ transitions })],
  ];
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '   ');

const CHECKS = columnsOf({
  CHECK: 'code',
  SYMBOL: 'symbol',
  STATUS: 'status',
  OBSERVED: 'observed',
  LIMIT: 'limit',
  UNIT: 'unit',
  MESSAGE: 'message',
});

const TRIMS = columnsOf({
  TRIMMED: 'symbol',
  BY: 'code',
  FROM: 'from',
  TO: 'to',
  OBSERVED: 'observed',
  LIMIT: 'limit',
});

function verdict({ verdict: found, checks, trims }: Explanation): string | null {
  if (found === null) return null;
  const facts = renderPairs(
    ['verdict', 'type', 'planHash', 'approvedHash', 'limitsVersion', 'haltEpoch', 'expiresAt', 'judgedAt']
      .filter((name) => found[name] !== undefined)
      .map((name) => [name, cell(found[name])] as const),
  );
  return [
    facts,
    ...(checks === null ? [] : [renderTable(CHECKS, checks, 'no check')]),
    ...(trims === null ? [] : [renderTable(TRIMS, trims, 'not trimmed')]),
  ].join('\n');
}

function plan({ planHash, trade, target }: Explanation): string | null {
  if (planHash === null) return null;
  const facts: [string, string][] = [
    ['plan hash', planHash],
    ['target', target ? `${percent(cell(target['weight']))} of equity` : 'none: the position is closed'],
  ];
  if (trade === null) return renderPairs([...facts, ['trade', 'none of this symbol']]);
  facts.push(
    ['trade', `${cell(trade['side'])} ${cell(trade['quantity'])} at mark ${cell(trade['referencePrice'])}`],
    ['notional', cell(trade['notional'])],
  );
  return `${renderPairs(facts)}\n${renderTable(
    [
      { title: 'CONTRIBUTOR', of: member('strategyId') },
      { title: 'WEIGHT (OF EQUITY)', of: (row: Json) => percent(cell(row['weight'])), numeric: true },
    ],
    objectsOf(trade['contributors']) ?? [],
    'no contributor: the position is not wanted any more',
  )}`;
}

const scores = (rows: readonly Json[]): string =>
  renderTable(
    columnsOf({ STRATEGY: 'strategyId', SCORE: 'score', RANK: 'rank', OF: 'of', REASON: 'reason' }),
    rows,
    'none',
  );

const tax = (rows: readonly Json[]): string =>
  renderTable(
    columnsOf({ LOT: 'lotId', QUANTITY: 'quantity', ACQUIRED: 'acquired', BASIS: 'basis', GAIN: 'gain', TERM: 'term' }),
    rows,
    'no lot is relieved by this order',
  );
