import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { opinionOf, sentencesOf, stanceOfSentence, type Stance } from './stance.js';

describe('the stance of a sentence', () => {
  it.each<[string, Stance]>([
    // A noun of A with a modifier of A.
    ['Inflation continued to decline.', 'dovish'],
    ['The Committee decided to cut the federal funds rate and the bank rate.', 'dovish'],
    ['PRICES FELL.', 'dovish'],
    // A noun of B with a modifier of B.
    ['Productivity growth was strong.', 'dovish'],
    ['The deficit is rising.', 'dovish'],
    // A noun of A with a modifier of B.
    ['Inflation is rising rapidly.', 'hawkish'],
    ['The Committee judged it appropriate to raise interest rates.', 'hawkish'],
    // A noun of B with a modifier of A.
    ['Growth slowed.', 'hawkish'],
    ['The exchange rate dropped.', 'hawkish'],
    // Both ways in one sentence: dovish is looked at first.
    ['Inflation fell although prices are high.', 'dovish'],
    // Words are found inside words.
    ['Employment followed the forecast.', 'dovish'],
    ['The unemployment report came out.', 'neutral'],
    // No side.
    ['The meeting began at nine.', 'neutral'],
    ['Inflation was discussed.', 'neutral'],
    ['Participants were strong in number.', 'neutral'],
    ['', 'neutral'],
    // A negation turns round, and leaves the neutral alone.
    ['Inflation did not decline.', 'hawkish'],
    ['Inflation is not rising, and will not.', 'dovish'],
    ['Interest rates won’t increase.', 'dovish'],
    ["Interest rates won't increase.", 'dovish'],
    ['The meeting was not long.', 'neutral'],
  ])('%s', (sentence, stance) => {
    expect(stanceOfSentence(sentence)).toBe(stance);
  });
});

describe('sentences', () => {
  it.each<[string, string[]]>([
    ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
    ['It rose 2.5 percent. Then it fell.', ['It rose 2.5 percent.', 'Then it fell.']],
    ['A title\n\nA first line\nthat goes on.', ['A title', 'A first line\nthat goes on.']],
    ['He said "stop." She went.', ['He said "stop."', 'She went.']],
    ['  \n\n 1. \n', []],
  ])('%j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });
});

describe('an opinion', () => {
  it('is the balance of the sentences', () => {
    const text = 'Inflation is rising. Prices are high. Growth slowed. Inflation fell. The meeting ended.';
    expect(opinionOf(text)).toEqual({
      stance: 'hawkish',
      index: 0.5,
      sentences: { hawkish: 3, dovish: 1, neutral: 1 },
    });
  });

  it('takes no side on a tie, and has no index where no sentence takes one', () => {
    expect(opinionOf('Inflation is rising. Inflation fell.')).toMatchObject({ stance: 'neutral', index: 0 });
    expect(opinionOf('Good morning.')).toEqual({
      stance: 'neutral',
      index: null,
      sentences: { hawkish: 0, dovish: 0, neutral: 1 },
    });
    expect(opinionOf('')).toMatchObject({ stance: 'neutral', index: null });
  });

  it('rounds its index to nine decimals', () => {
    expect(opinionOf('Inflation is rising. Prices rise. Inflation fell.').index).toBe(0.333333333);
  });
});

describe('against sentences that people labelled', () => {
  const file = join(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', 'policy/fomc_stance_train_5768.csv');
  const labels: Stance[] = ['dovish', 'hawkish', 'neutral'];

  /** The F1 of each label, weighted by how often people gave it. */
  const weightedF1 = (pairs: readonly (readonly [Stance, Stance])[]): number =>
    labels.reduce((sum, label) => {
      const told = pairs.filter(([truth]) => truth === label).length;
      const found = pairs.filter(([, guess]) => guess === label).length;
      const right = pairs.filter(([truth, guess]) => truth === label && guess === label).length;
      return sum + ((2 * right) / (told + found)) * (told / pairs.length);
    }, 0);

  const test = existsSync(file) ? it : it.skip;
  if (!existsSync(file)) console.warn(`skipped: ${file} is not there, so the dictionary is not compared with people`);

  test('is as good as the published rule-based baseline', () => {
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const pairs = rows.map((row): [Stance, Stance] => {
      const [, sentence, label] = /^\d+,(.*),([012]),\w+\r?$/.exec(row)!;
      return [labels[Number(label)]!, stanceOfSentence(sentence!)];
    });
    expect(pairs.length).toBeGreaterThan(1_800);
    expect(weightedF1(pairs)).toBeGreaterThanOrEqual(0.4966);
  });
});
