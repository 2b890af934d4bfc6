import type { Trade } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decided, hear, readyToDecide, refuse, settle, type Cycle, type Heard, type Taken } from './cycle.js';
import { HASH, openedCycle } from './cycle.fixture.js';
import { countOf, decisionsOf, type DecisionInputs, type SymbolDecision } from './decisions.js';
import { milestonesBetween } from './milestones.js';

interface Said {
  readonly name: string;
  /** What its service had heard before it spoke. */
  readonly after: readonly string[];
  readonly take: (cycle: Cycle) => Taken;
}

const moment = (second: number): string => `2026-11-17T15:00:${String(second).padStart(2, '0')}.000Z`;
const said = (name: string, after: readonly string[], heard: Heard): Said => ({
  name,
  after,
  take: (cycle) => hear(cycle, heard),
});

const trade = (symbol: string): Trade => ({
  symbol,
  exchange: 'XNYS',
  side: 'buy',
  quantity: '10',
  referencePrice: '1',
  notional: '10',
  contributors: [],
});

/** A whole cycle of some kind: its facts with their causes, and what its decisions follow from. */
function cycleOf(kind: 'executed' | 'vetoed' | 'declined' | 'refused', parents: number) {
  const trades = Array.from({ length: parents }, (_, i) => trade(`S${i}`));
  const facts: Said[] = [
    said('sealed', [], { stage: 'sealed', at: moment(1), learnt: { packId: HASH, pricingPackId: HASH } }),
    said('valued', ['sealed'], { stage: 'valued', at: moment(2), ledger: { hash: HASH, sequence: 1 } }),
  ];
  const plan = { plan: kind === 'declined' ? 'declined' : 'proposed', planHash: HASH } as const;
  facts.push(said('planned', ['valued'], { stage: 'planned', at: moment(3), learnt: plan }));
  if (kind !== 'declined') {
    const verdict = kind === 'vetoed' ? 'vetoed' : 'approved';
    const learnt = { verdict, parentsExpected: kind === 'vetoed' ? 0 : parents } as const;
    facts.push(said('assessed', ['planned'], { stage: 'assessed', at: moment(4) }));
    facts.push(said('judged', ['planned'], { stage: 'judged', at: moment(5), learnt }));
  }
  if (kind === 'refused') {
    const refusal = { stage: 'executing', code: 'SESSION_CLOSED', reason: 'shut' } as const;
    facts.push({ name: 'refused', after: ['judged'], take: (cycle) => refuse(cycle, refusal) });
  }
  if (kind === 'executed') {
    trades.forEach((_, i) => {
      facts.push(said(`planned ${i}`, ['judged'], { stage: 'executing', at: moment(6 + i) }));
      facts.push(said(`completed ${i}`, [`planned ${i}`], { stage: 'executed', at: moment(20 + i) }));
    });
    const all = trades.map((_, i) => `completed ${i}`);
    facts.push(said('reconciled', ['judged', ...all], { stage: 'reconciled', at: moment(40) }));
    const ledger = { hash: 'c'.repeat(64), sequence: 9 };
    facts.push(said('posted', ['judged', ...all], { stage: 'posted', at: moment(41), ledger }));
  }
  const inputs: DecisionInputs = {
    marks: [],
    positions: [],
    unpriced: [{ symbol: 'OLD', quantity: '1' }],
    plan: kind === 'declined' ? null : { targets: [], trades },
    verdict:
      kind === 'declined'
        ? null
        : kind === 'vetoed'
          ? { kind: 'vetoed', codes: ['X'] }
          : { kind: 'approved', trades, trims: [] },
    declinedCode: kind === 'declined' ? 'NO_SCORES' : null,
  };
  return { facts, inputs };
}

/** Plays facts as the handlers do, and gives back where that ends. */
function play(facts: readonly Said[], inputs: DecisionInputs) {
  let cycle = openedCycle();
  const decisions: SymbolDecision[][] = [];
  const acts: string[] = [];
  const ends: unknown[] = [];
  for (const { take } of facts) {
    const taken = take(cycle);
    if (taken.kind === 'ignored') continue;
    let next = taken.cycle;
    if (readyToDecide(next)) {
      decisions.push(decisionsOf(inputs));
      next = decided(next, countOf(decisions[0]!));
    }
    const ended = settle(next, moment(59));
    if (ended) ends.push(ended.fact.data);
    acts.push(...milestonesBetween(cycle, ended?.cycle ?? next).map(({ act }) => act));
    cycle = ended?.cycle ?? next;
  }
  return { decisions, ends, acts: new Set(acts), status: cycle.status, outcome: cycle.outcome };
}

/** An order in which every fact comes after its causes; `picks` chooses among those that can come next. */
function causalOrder(facts: readonly Said[], picks: readonly number[]): Said[] {
  const order: Said[] = [];
  const done = new Set<string>();
  for (let i = 0; order.length < facts.length; i += 1) {
    const ready = facts.filter(({ name, after }) => !done.has(name) && after.every((cause) => done.has(cause)));
    const next = ready[(picks[i % picks.length] ?? 0) % ready.length]!;
    order.push(next);
    done.add(next.name);
  }
  return order;
}

const kinds = fc.constantFrom('executed' as const, 'vetoed' as const, 'declined' as const, 'refused' as const);
const picks = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 40 });

describe('the facts of a cycle', () => {
  it('end in the same decisions and the same end in every order that their causes allow', () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 5 }), picks, (kind, parents, choice) => {
        const { facts, inputs } = cycleOf(kind, parents);
        const straight = play(facts, inputs);
        const other = play(causalOrder(facts, choice), inputs);
        expect(straight.decisions).toHaveLength(1);
        expect(straight.ends).toHaveLength(1);
        expect(other).toMatchObject({ decisions: straight.decisions, ends: straight.ends, status: straight.status });
      }),
    );
  });

  it('end in the same decisions and the same end even where causes are heard after what they caused', () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()), (kind, parents, stream) => {
        const { facts, inputs } = cycleOf(kind, parents);
        const straight = play(facts, inputs);
        const keys = facts.map(() => stream.next().value as number);
        const shuffled = facts.map((fact, i) => ({ fact, key: keys[i]! })).sort((a, b) => a.key - b.key);
        const other = play(
          shuffled.map(({ fact }) => fact),
          inputs,
        );
        expect(other.decisions).toEqual(straight.decisions);
        expect(other.status).toBe(straight.status);
        expect(other.ends).toHaveLength(1);
      }),
    );
  });

  it('never end a cycle twice, whatever is heard again', () => {
    fc.assert(
      fc.property(kinds, picks, (kind, choice) => {
        const { facts, inputs } = cycleOf(kind, 2);
        const once = facts.filter(({ name }) => !/^(planned|completed) \d/.test(name));
        const twice = play([...causalOrder(facts, choice), ...once, ...once], inputs);
        expect(twice.ends).toHaveLength(1);
        expect(twice.decisions).toHaveLength(1);
      }),
    );
  });
});
