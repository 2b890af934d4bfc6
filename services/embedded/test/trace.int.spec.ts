import type { CycleSummary } from '@ballast/embedded';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json, makeHome } from './ballast.js';
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

const RUN = ['cycle', 'run', '--json', '--as-of', '2025-06-16', '--symbols', 'SYN002,SYN009,SYN012'];

/** Every service that a cycle passes; opinions of the policy analyst are optional in it. */
const SERVICES = [
  ...['orchestrator', 'feeds', 'signal', 'portfolio', 'allocator', 'tax', 'risk-guardrails', 'execution-gateway'],
  'console',
];

/** What one trace must hold: from the opening to the schedules that the verdict led to. */
const DECIDED = [
  'orchestrator handle local.command.open-cycle',
  'feeds handle orchestrator.cycle.opened.v1',
  'signal handle feeds.snapshot.sealed.v1',
  'portfolio handle feeds.snapshot.sealed.v1',
  'allocator handle signal.scores.computed.v1',
  'risk-guardrails handle allocator.plan.proposed.v1',
  'tax handle allocator.plan.proposed.v1',
  'orchestrator handle tax.impact.assessed.v1',
  'orchestrator handle execution.schedule.planned.v1',
];

/** What must hang on it by links: what timers and the venue set off, down to lots and ledger. */
const EXECUTED = [
  'execution-gateway handle local.timer.slices-due',
  'execution-gateway handle local.answer.place-order',
  'execution-gateway handle local.venue-event',
  'portfolio handle execution.order.filled.v1',
  'tax handle execution.order.filled.v1',
  'orchestrator handle execution.reconciliation.completed.v1',
  'portfolio handle execution.reconciliation.completed.v1',
  'orchestrator handle portfolio.ledger.posted.v1',
  'console handle orchestrator.cycle.closed.v1',
];

const said = ({ service, name }: ReceivedSpan): string => `${service} ${name}`;

describe('the trace of a cycle', () => {
  let receiver: OtlpReceiver;
  let day: CycleSummary;
  let home: string;
  let main: ReceivedSpan[];
  /** The cycle's trace, and every trace that a link leads back to it from. */
  let whole: ReceivedSpan[];

  beforeAll(async () => {
    receiver = await otlpReceiver();
    home = await makeHome();
    day = await json<CycleSummary>(home, RUN, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    main = receiver.spans.filter(({ traceId }) => traceId === day.traceId);
    whole = linkedTo(day.traceId!, receiver.spans);
  }, 240_000);
  afterAll(() => receiver.close());

  it('is one from the opening to the schedules, each span below another of it', () => {
    expect(main.map(said)).toEqual(expect.arrayContaining(DECIDED));
    expect(main.map(said)).toContainEqual(expect.stringMatching(/^execution-gateway handle risk\.plan\.\w+\.v1$/));
    const ids = new Set(main.map(({ spanId }) => spanId));
    const roots = main.filter(({ parentSpanId }) => parentSpanId === '');
    expect(roots.map(said)).toEqual(['orchestrator POST /v1/execute']);
    expect(main.filter(({ parentSpanId }) => parentSpanId !== '' && !ids.has(parentSpanId))).toEqual([]);
  });

  it('goes on in linked traces, through every service down to ledger and lots', () => {
    expect(whole.map(said)).toEqual(expect.arrayContaining(EXECUTED));
    expect([...new Set(whole.map(({ service }) => service))].sort()).toEqual([...SERVICES].sort());
  });

  it('says the cycle and its pattern in every span, and pack and ledger hash once they are known', () => {
    const facts = whole.filter(({ name }) => /^handle (?!local\.command)/.test(name));
    expect(facts.length).toBeGreaterThan(DECIDED.length + EXECUTED.length);
    const expected = { cycle_id: day.cycleId, pattern_id: 'daily-rebalance' };
    const nameless = facts.filter(({ attributes }) => attributes['cycle_id'] !== expected.cycle_id);
    expect(nameless.map(said)).toEqual([]);
    expect(facts.filter(({ attributes }) => attributes['pattern_id'] !== expected.pattern_id).map(said)).toEqual([]);

    // The deadlines are set when the cycle opens, and the audit hears of its opening: before there are prices.
    const beforePrices = /cycle\.opened|audit\.recorded|-deadline$/;
    const priced = facts.filter(({ name }) => !beforePrices.test(name));
    expect(priced.filter(({ attributes }) => attributes['pricing_pack_id'] !== day.pricingPackId).map(said)).toEqual(
      [],
    );
    const posted = whole.filter(({ name }) => /ledger\.posted|cycle\.closed/.test(name));
    expect(posted.length).toBeGreaterThan(2);
    for (const { attributes } of posted) expect(attributes['ledger_commit_hash']).toBe(day.ledgerCommitHash);
  });

  it('decides nothing: without tracing the same cycle has the same hashes', async () => {
    const before = receiver.spans.length;
    const quiet = await json<CycleSummary>(home, [...RUN, '--fresh']);
    const { cycleId, packId, planHash, approvedHash, ledgerCommitHash, cash } = day;
    expect(quiet).toMatchObject({ cycleId, packId, planHash, approvedHash, ledgerCommitHash, cash });
    expect(receiver.spans).toHaveLength(before);
  }, 240_000);
});

/** All spans of a trace, of the traces with a link to it, of those with a link to these, and so on. */
function linkedTo(traceId: string, spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const reached = new Set([traceId]);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const span of spans) if (span.links.some((link) => reached.has(link.traceId))) reached.add(span.traceId);
  }
  return spans.filter((span) => reached.has(span.traceId));
}
