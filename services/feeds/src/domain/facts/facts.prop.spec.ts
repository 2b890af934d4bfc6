import { describe, expect, it } from '@jest/globals';
import { DecimalString, FACTS_PER_EVENT_MAX } from '@ballast/contracts';
import { Decimal } from '@ballast/kernel/money';
import fc from 'fast-check';
import { CONTEXT } from '../../../test/told.js';
import { ImportRefused } from '../import-refused.js';
import { parseDeals } from './bulk-deals.js';
import { parseFacts, WHATS } from './catalog.js';
import { optionalDecimal } from './fields.js';
import { htmlToText } from './html-text.js';
import { revise, type FactRevision, type MarketFact } from './market-fact.js';
import { RowRefused } from './parsed.js';
import { factsSaid } from './said.js';

const AT = '2026-11-20T10:00:00.000Z';

/** `12058807` as `1,20,58,807` or as `12,058,807`. */
function grouped(digits: string, indian: boolean): string {
  const head = digits.slice(0, -3);
  if (head === '') return digits;
  return `${head.replaceAll(indian ? /\B(?=(\d{2})+$)/g : /\B(?=(\d{3})+$)/g, ',')},${digits.slice(-3)}`;
}

describe('numbers', () => {
  it('are the same however their digits are grouped', () => {
    const run = (whole: bigint, cents: number, negative: boolean, indian: boolean): boolean => {
      const fraction = String(cents).padStart(2, '0');
      const sign = negative ? '-' : '';
      const read = optionalDecimal(`${sign}${grouped(String(whole), indian)}.${fraction}`, 'x');
      return read !== null && new Decimal(read).equals(`${sign}${whole}.${fraction}`);
    };
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat(99), fc.boolean(), fc.boolean(), run));
  });

  it('are read exactly, refused, or not said: no text becomes a number that it is not', () => {
    const pieces = fc.constantFrom('0', '1', '9', ',', '.', '-', ' ', 'e', '+', 'x', '₹', '(', ')');
    const run = (value: string): boolean => {
      try {
        const read = optionalDecimal(value, 'x');
        if (read === null) return !/\d/.test(value);
        return DecimalString.safeParse(read).success && new Decimal(value.trim().replaceAll(',', '')).equals(read);
      } catch (error) {
        return error instanceof RowRefused;
      }
    };
    fc.assert(fc.property(fc.string({ unit: pieces, maxLength: 12 }), run), { numRuns: 2_000 });
  });
});

describe('every parser', () => {
  const members = [
    'data',
    'records',
    'observations',
    'category',
    'date',
    'BD_DT_DATE',
    'symbol',
    'bm_symbol',
    'CM',
    'timestamp',
  ];
  const json = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, 0, '', '-', '03-Jul-2026', 'DII'),
      fc.string(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...members), tie('any'), { maxKeys: 5 }),
  })).any;
  const markup = fc.string({
    unit: fc.constantFrom('<', '>', '/', '!', '&', ';', '"', 'rss', 'item', 'a', ' ', '\n', ',', '--'),
  });
  const body = fc.oneof(
    json.map((value) => JSON.stringify(value)),
    markup,
    markup.map((text) => `<rss><channel><item>${text}</item></channel></rss>`),
    fc.string(),
  );

  it('answers anything with facts or with a refusal that has a next step', () => {
    const run = (what: (typeof WHATS)[number], text: string): boolean => {
      try {
        return parseFacts(what, text, { ...CONTEXT, subject: 'GDP' }, 1).facts.length > 0;
      } catch (error) {
        return error instanceof ImportRefused && /^[A-Z_]+$/.test(error.code) && error.nextStep !== '';
      }
    };
    fc.assert(fc.property(fc.constantFrom(...WHATS), body, run), { numRuns: 3_000 });
  });
});

describe('deals', () => {
  it('are the same whatever the order of their lines', () => {
    const header = 'Date,Symbol,Security Name,Client Name,Buy / Sell,Quantity Traded,Trade Price / Wght. Avg. Price';
    const line = fc
      .tuple(
        fc.constantFrom('A', 'B'),
        fc.constantFrom('X', 'Y'),
        fc.constantFrom('BUY', 'SELL'),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(
        ([symbol, client, side, quantity, price]) =>
          `24-APR-2025,${symbol},${symbol} Ltd,${client},${side},${quantity},${price}.5`,
      );
    const facts = (lines: string[]) =>
      parseDeals('bulk')([header, ...lines].join('\n'), CONTEXT)
        .facts.map((fact) => JSON.stringify(fact))
        .sort();
    const lines = fc
      .array(line, { minLength: 1, maxLength: 12 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(fc.property(lines, ([all, shuffled]) => expect(facts(shuffled)).toEqual(facts(all))));
  });
});

describe('HTML', () => {
  it('leaves no script, no control character and no tag that was one', () => {
    const piece = fc.constantFrom(
      '<script>EVIL',
      '</script>',
      '<b>',
      '</b>',
      '<!--EVIL-->',
      '<style>EVIL</style>',
      'text',
      ' ',
      '\u0001',
      '<a title="EVIL">',
      '\n',
    );
    const run = (pieces: string[]): boolean => {
      const text = htmlToText(pieces.join(''));
      return !/EVIL|[<>]|\p{Cc}/u.test(text.replaceAll('\n', ' '));
    };
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), run));
  });
});

const fact = (key: number, value: number, date = '2026-11-20'): MarketFact => ({
  ...{ kind: 'flow', naturalKey: `k${key}`, source: 'spec', market: 'NSE', symbol: null, date, publishedAt: null },
  content: { value: String(value), same: 'x' },
});
const tellings = fc.array(fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(2)), { selector: ([key]) => key, maxLength: 6 }), {
  maxLength: 6,
});

describe('revisions', () => {
  it('count up by one, say what changed, and are none where nothing did', () => {
    fc.assert(
      fc.property(tellings, (all) => {
        const known = new Map<string, FactRevision>();
        for (const telling of all) {
          const facts = telling.map(([key, value]) => fact(key, value));
          const { taken, added, revised, unchanged } = revise(facts, [...known.values()], AT, false);
          expect(added + revised + unchanged).toBe(facts.length);
          for (const revision of taken) {
            const before = known.get(revision.naturalKey);
            expect(revision.revision).toBe((before?.revision ?? 0) + 1);
            expect(revision.changed).toEqual(before === undefined ? [] : ['value']);
            known.set(revision.naturalKey, revision);
          }
          expect(revise(facts, [...known.values()], AT, false).taken).toEqual([]);
        }
      }),
    );
  });

  it('are each said once and in order, in events within their bounds', () => {
    const revision = fc
      .tuple(fc.nat(400), fc.constantFrom('2026-11-19', '2026-11-20'))
      .map(([key, date]): FactRevision => ({
        ...fact(key, 1, date),
        ...{ revision: 1, knownAt: AT, synthetic: false, changed: [] },
      }));
    fc.assert(
      fc.property(fc.array(revision, { maxLength: 900 }), (revisions) => {
        const said = factsSaid(revisions).map(({ data }) => data as { date: string; facts: { naturalKey: string }[] });
        for (const date of ['2026-11-19', '2026-11-20']) {
          const keys = said
            .filter((event) => event.date === date)
            .flatMap((event) => event.facts.map(({ naturalKey }) => naturalKey));
          expect(keys).toEqual(revisions.filter((each) => each.date === date).map(({ naturalKey }) => naturalKey));
        }
        for (const { facts } of said) expect(facts.length).toBeLessThanOrEqual(FACTS_PER_EVENT_MAX);
      }),
      { numRuns: 20 },
    );
  });

  it('that are large by their text travel in more events, none above its bytes', () => {
    const large = (key: number): FactRevision => ({
      ...fact(key, 1),
      ...{ content: { text: 'ü'.repeat(20_000) }, revision: 1, knownAt: AT, synthetic: false, changed: [] },
    });
    const said = factsSaid(Array.from({ length: 10 }, (_, i) => large(i)));
    expect(said.map(({ data }) => (data as { facts: unknown[] }).facts.length)).toEqual([3, 3, 3, 1]);
  });
});
