import { describe, expect, it } from '@jest/globals';
import { DAY } from '../../test/fixtures.js';
import { PLAN } from '../../test/plan.js';
import { renderDays, renderSummary } from './summary.js';

describe('the summary of a cycle', () => {
  it('shows what a trader asks for, the largest trade first, and says what was simulated', () => {
    expect(renderSummary(DAY, PLAN, 'trial')).toBe(`\
Cycle 1f0e2d3c-4b5a-5978-8a6b-1c2d3e4f5a6b: approved as trimmed
Decided on the close of 2017-06-30, traded in the session of 2017-07-03.

Prices
  source   prices_daily.csv.gz
  symbols  1,250
  quality  average 0.988, lowest 0.910 (1 is best)
  regime   trend up, volatility normal
  pack     0b5d7f0000000000000000000000000000000000000000000000000000000000

Strategies
  STRATEGY        WEIGHT  VOLATILITY A YEAR
  low-volatility  40.0 %             12.3 %
  momentum        35.0 %                  -

Plan
  trades         2
  decisions      1 buy, 1 sell, 3 hold, 0 reject
  kept in cash   25.0 %
  plan hash      a100000000000000000000000000000000000000000000000000000000000000
  approved hash  b200000000000000000000000000000000000000000000000000000000000000

  SYMBOL  SIDE  QUANTITY    MARK    NOTIONAL  CONTRIBUTORS (OF EQUITY)
  AAPL    buy      1,000  144.00  144,000.00  momentum 10.0 %, low-volatility 4.4 %
  BRK.B   sell       590  169.37   99,928.30

Guardrails
  TRIMMED  BY              FROM   TO  OBSERVED  LIMIT
  BRK.B    position_size  1,200  590    0.2034    0.1
  no check refused the plan

Orders (simulated)
  12 child orders: 11 filled, 0 partly, 0 rejected, 1 cancelled, 0 unknown

  SYMBOL  SIDE  FILLED     OF   AVERAGE  ARRIVAL  SLIPPAGE BP  STATUS
  AAPL    buy    1,000  1,000  144.0252   143.90         +8.7  filled
  BRK.B   sell       0    590         -        -            -  unfilled

Positions (simulated)
  SYMBOL  QUANTITY  AVERAGE COST   PRICE       VALUE  UNREALISED
  AAPL       1,000      144.0252  143.50  143,500.00     -525.15
  GONE           5         10.00       -           -           -

Account (simulated)
  cash           855,974.85
  equity         999,474.85
  realised       0.00
  unrealised     -525.15
  open tax lots  2

Proof
  ledger   c300000000000000000000000000000000000000000000000000000000000000
  trace    tracing is off
  explain  ballast cycle explain ORDER --book trial (ids: ballast order list --cycle 1f0e2d3c-4b5a-5978-8a6b-1c2d3e4f5a6b --book trial)
  replay   ballast cycle replay 1f0e2d3c-4b5a-5978-8a6b-1c2d3e4f5a6b --book trial

Time
  opening 150 ms, pricing 800 ms, executing 1.5 s; total 2.5 s

What was simulated
  Fills are of the paper broker.
  Time was simulated.
`);
  });

  it('says why nothing was traded, with the numbers of each check that refused', () => {
    const vetoed = {
      ...DAY,
      verdict: 'vetoed' as const,
      reason: 'one check is critical',
      approvedHash: null,
      trims: [],
      parents: [],
      failed: [
        {
          code: 'SECTOR_EXPOSURE',
          symbol: null,
          status: 'failed' as const,
          message: 'Energy is above its limit',
          observed: '0.41',
          limit: '0.3',
          unit: 'fraction of equity',
        },
      ],
    };
    const text = renderSummary(vetoed, null, 'main');
    expect(text).toContain('VETOED, nothing was traded\none check is critical\n');
    expect(text).toContain('approved hash  nothing was approved');
    expect(text).toContain(`\
Guardrails
  no trade was trimmed

  NOT PASSED       SYMBOL    OBSERVED  LIMIT  UNIT                WHY
  SECTOR_EXPOSURE  the plan      0.41    0.3  fraction of equity  Energy is above its limit
`);
  });

  it('tells checks that could not be evaluated from those that refused, one row a code', () => {
    const unknown = (symbol: string) => ({
      code: 'SECTOR_UNKNOWN',
      symbol,
      status: 'not_evaluated' as const,
      message: `${symbol}: the sector is not known`,
      observed: null,
      limit: '0.3',
      unit: 'fraction_of_equity',
    });
    const failed = ['A', 'B', 'C', 'D', 'E'].map(unknown);
    expect(renderSummary({ ...DAY, trims: [], failed }, null, 'main')).toContain(`\
Guardrails
  no trade was trimmed
  no check refused the plan

  NOT PASSED      SYMBOL                   OBSERVED  LIMIT  UNIT                WHY
  SECTOR_UNKNOWN  A, B, C and 2 more  not evaluated    0.3  fraction_of_equity  A: the sector is not known
`);
  });

  it('says loudly that prices are synthetic, and heads nothing as simulated where nothing was', () => {
    const text = renderSummary({ ...DAY, simulated: [], source: { name: 'seed 7', synthetic: true } }, null, 'main');
    expect(text).toContain('source   seed 7 (SYNTHETIC: no real prices)');
    expect(text).not.toContain('simulated');
  });

  it('counts what it does not show and names the command that does', () => {
    const positions = Array.from({ length: 14 }, (_, i) => ({ ...DAY.positions[0]!, symbol: `S${i}` }));
    expect(renderSummary({ ...DAY, positions }, null, 'main')).toContain('  and 2 more: ballast position list\n');
  });
});

describe('the summary of several days', () => {
  it('has one line a day', () => {
    expect(renderDays([DAY, { ...DAY, asOf: '2017-07-03', tradeDate: '2017-07-05', verdict: 'approved' }])).toBe(`\
2 cycles (simulated trading)

AS OF       TRADED      VERDICT   TRADES  ORDERS  FILLED        CASH      EQUITY  REALISED  UNREALISED  LEDGER         TIME
2017-06-30  2017-07-03  trimmed        2      12      11  855,974.85  999,474.85      0.00     -525.15  c30000000000  2.5 s
2017-07-03  2017-07-05  approved       2      12      11  855,974.85  999,474.85      0.00     -525.15  c30000000000  2.5 s
`);
  });
});
