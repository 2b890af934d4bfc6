// Goal: what may leave is decided by source, one that is blocked or unknown blocks all, and own contracts take precedence.
import { describe, expect, it } from '@jest/globals';
import { attributionsOf, DEFAULT_RULES, exportVerdict, RightsFile, RightsRegistry, RightsRule } from './rights.js';

const EXPORTED = { exportId: 'e-1', at: '2026-11-20T15:00:00.000Z' };
const registry = new RightsRegistry();

const cases = `
sources               | outcome
synthetic             | passed on
synthetic-1-20x40     | passed on
sec                   | passed on
user-file             | own use
alpaca                | own use
alpaca-daily          | own use
sec, alpaca           | own use
newsapi               | blocked newsapi
fmp                   | blocked fmp
fmp-earnings          | blocked fmp
user-file, fmp        | blocked fmp
newsapi, fmp, alpaca  | blocked fmp newsapi
some-blog             | blocked some-blog
alpacas               | blocked alpacas
`;

describe('an export', () => {
  const rows = cases
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string]);

  it.each(rows)('of %s is: %s', (sources, outcome) => {
    const verdict = exportVerdict(registry, sources.split(', '), EXPORTED);
    const found = verdict.permitted
      ? /not to be passed on/.test(verdict.watermark)
        ? 'own use'
        : 'passed on'
      : `blocked ${verdict.blocked.map(({ source }) => source).join(' ')}`;
    expect(found).toBe(outcome);
  });

  it('carries each attribution once, and a watermark that names it', () => {
    expect(exportVerdict(registry, ['sec', 'alpaca-daily', 'alpaca'], EXPORTED)).toEqual({
      permitted: true,
      attributions: [
        { source: 'alpaca', text: 'Market data by Alpaca' },
        { source: 'sec', text: 'Source: U.S. Securities and Exchange Commission, EDGAR' },
      ],
      watermark:
        'Exported from Ballast at 2026-11-20T15:00:00.000Z as e-1. For the own use of the operator only; not to be passed on (alpaca).',
    });
  });
});

describe('the rules', () => {
  it('that come with Ballast are each whole and about another source', () => {
    expect(RightsFile.safeParse({ sources: DEFAULT_RULES }).error?.issues).toBeUndefined();
  });

  it('of an operator take the place of the one of the same source', () => {
    const own: RightsRule = { ...registry.ruleOf('fmp'), export: true, basis: 'Data licence of 2026-03-01.' };
    const licensed = new RightsRegistry([own]);
    expect(exportVerdict(licensed, ['fmp-earnings'], EXPORTED)).toMatchObject({ permitted: true });
    expect(exportVerdict(licensed, ['newsapi'], EXPORTED)).toMatchObject({ permitted: false });
    expect(licensed.list()).toHaveLength(DEFAULT_RULES.length);
  });

  it.each([
    ['a source twice', (rule: RightsRule) => [rule, rule]],
    ['no source', () => []],
    ['a member that is not known', (rule: RightsRule) => [{ ...rule, sell: true }]],
    ['no display at all', (rule: RightsRule) => [{ ...rule, display: false }]],
    ['no attribution', (rule: RightsRule) => [{ ...rule, attribution: '' }]],
  ] as [string, (rule: RightsRule) => unknown[]][])('of a file with %s are refused whole', (_, sources) => {
    expect(RightsFile.safeParse({ sources: sources(registry.ruleOf('fmp')) }).success).toBe(false);
  });

  it('attribute a source that nobody knows by its name', () => {
    expect(attributionsOf(registry, ['some-blog'])).toEqual([{ source: 'some-blog', text: 'Source: some-blog' }]);
  });
});
