// Goal: what a person reads of a comparison under models of impact, to the letter.
import { describe, expect, it } from '@jest/globals';
import { impactReport } from '@ballast/kernel/impact';
import type { ImpactModelName } from '@ballast/kernel/impact';
import { D } from '@ballast/kernel/money';
import { impactDocument, renderImpact } from './impact.js';

const NAME = { adv: '6000000', price: '50.00' };
const rowsOf = (models: readonly ImpactModelName[], sizes: readonly number[], singleMinutes = 1, slices = 6) =>
  impactReport({
    ...{ models, sizes, slices, singleMinutes, horizonMinutes: 60, volatility: 0.02 },
    ...{ dailyVolume: new D(NAME.adv), price: new D(NAME.price) },
  });
const shown = (...request: Parameters<typeof rowsOf>): string[] => renderImpact(NAME, rowsOf(...request)).split('\n');

describe('the report on impact', () => {
  it('stands side by side, each row with its configuration, and says where TWAP does not help', () => {
    expect(shown(['square-root', 'propagator'], [0.01])).toEqual([
      'name  ADV 6,000,000 shares, 50.00 dollars a share',
      'bp    average price paid against the price before the first share, for the impact of the order alone',
      '',
      'MODEL        OF ADV  SHARES  SINGLE BP  TWAP BP  SAVES BP    SAVES    SAVES $  CONFIGURATION',
      ...[
        'square-root     1 %  60,000       13.3     13.3       0.0    0.0 %       0.00  #Y 1, sigma 2 %',
        'propagator      1 %  60,000       13.3      8.7      +4.6   34.5 %   1,378.38  #beta 0.5, t0 0.5 min, Y 1, sigma 2 %',
        'propagator      1 %  60,000       13.3     10.0      +3.3   24.8 %     990.55  #beta 0.5, t0 1 min, Y 1, sigma 2 %',
        'propagator      1 %  60,000       13.3     14.7      -1.3  -10.0 %    -399.97  #beta 0.5, t0 5 min, Y 1, sigma 2 %',
        'propagator      1 %  60,000       13.3     13.6      -0.2   -1.8 %     -71.06  #beta 0.25, t0 0.5 min, Y 1, sigma 2 %',
        'propagator      1 %  60,000       13.3     15.0      -1.7  -12.8 %    -511.16  #beta 0.25, t0 1 min, Y 1, sigma 2 %',
        'propagator      1 %  60,000       13.3     19.1      -5.7  -43.1 %  -1,724.58  #beta 0.25, t0 5 min, Y 1, sigma 2 %',
        '',
        'TWAP does not help here:',
        '  0.0 % under square-root, #Y 1, sigma 2 %',
        '  -10.0 % under propagator, #beta 0.5, t0 5 min, Y 1, sigma 2 %',
        '  -1.8 % under propagator, #beta 0.25, t0 0.5 min, Y 1, sigma 2 %',
        '  -12.8 % under propagator, #beta 0.25, t0 1 min, Y 1, sigma 2 %',
        '  -43.1 % under propagator, #beta 0.25, t0 5 min, Y 1, sigma 2 %',
      ].map((line) => line.replace('#', 'single and 6 slices 10 min apart, however fast each is executed; ')),
      'The square-root law has no schedule: late slices pay what early ones save, 0 % however an order is cut.',
      'Where moves decay slowly against the interval, those of small slices add up to more than a large one makes.',
      'These are models, not measurements: no figure holds without its configuration, none was fitted to your fills.',
      '',
    ]);
  });

  it('says with a rate of trading how fast both are executed, in minutes or days', () => {
    const lines = shown(['almgren-2005', 'almgren-chriss'], [0.2]).map((line) => line.split('  ').at(-1)?.trim());
    const coefficients = 'gamma 0.314, eta 0.142, beta 0.6, delta 0.25, Theta/V 200, sigma 2 %';
    expect(lines).toContain(`single within 1 min, 6 slices 10 min apart, each within 10 min; ${coefficients}`);
    expect(lines).toContain(`single within 1 min, 6 slices 10 min apart, each within 1 min; ${coefficients}`);
    expect(lines).toContain(
      'single within 1 day, 5 slices 1 day apart, each within 1 day; eps 12.5 bp, gamma 250 bp an ADV, eta 2500 bp at an ADV a day',
    );
    expect(shown(['almgren-2005'], [0.01], 1, 7).join()).toContain('7 slices 8.5714 min apart, each within 8.5714 min');
  });

  it('never leaves it at a saving: where no row is without one, it says where there is none', () => {
    const lines = shown(['almgren-2005'], [0.01]);
    expect(lines.slice(-5, -1)).toEqual([
      '',
      'TWAP helps in every row above.',
      'It saves nothing under the square-root law and costs more where a book forgets slowly: see --model all.',
      'These are models, not measurements: no figure holds without its configuration, none was fitted to your fills.',
    ]);
  });

  it('says how far the saving goes over the sizes of one configuration', () => {
    const lines = shown(['almgren-2005'], [0.01, 0.1], 120);
    expect(lines.filter((line) => line.startsWith('  '))).toEqual([
      expect.stringMatching(/^ {2}-38\.9 % to -28\.4 % under almgren-2005, single within 120 min, 6 slices/),
    ]);
    expect(lines.at(-3)).toBe(
      'Where the rate of trading is what costs, a single order that takes its time costs no more than slices.',
    );
  });

  it('is a document of numbers, with shares and dollars as decimal strings', () => {
    expect(impactDocument(NAME, rowsOf(['square-root'], [0.01]))).toEqual({
      ...NAME,
      rows: [
        {
          ...{ model: 'square-root', sizeOverAdv: 0.01, quantity: '60000' },
          ...{ singleBp: expect.closeTo(40 / 3, 9), twapBp: expect.closeTo(40 / 3, 9), savingBp: 0, saving: 0 },
          ...{ singleCost: '4000.00', twapCost: '4000.00', savingCost: '0.00' },
          configuration: {
            ...{ slices: 6, intervalMinutes: 10, singleMinutes: null, sliceMinutes: null },
            parameters: { Y: 1, volatility: 0.02 },
          },
        },
      ],
      doesNotHelp: [expect.stringMatching(/^0\.0 % under square-root, single and 6 slices/)],
      notes: [expect.stringContaining('no schedule'), expect.stringContaining('not measurements')],
    });
  });
});
