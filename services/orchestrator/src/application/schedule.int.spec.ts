import { afterAll, describe, expect, it } from '@jest/globals';
import { AccountOpened, AlertRaised, CycleOpened, HistoryImported, uuid5 } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { ArmSchedule, OpenCycle } from '../messages.js';
import { orchestrator } from '../module.js';

let bench: Bench;
afterAll(() => bench.close());

const start = async (schedule: 'off' | 'daily'): Promise<void> => {
  bench = await benchOf(orchestrator, { env: { ORCHESTRATOR_SCHEDULE: schedule } });
  await bench.tell(ArmSchedule, 'main', { portfolioId: 'main' });
};

const prepare = async (): Promise<void> => {
  await bench.hear(AccountOpened, {
    portfolioId: 'main',
    account: 'main',
    mode: 'paper',
    currency: 'USD',
    cash: '1000',
    openedAt: bench.clock.now(),
  });
  await bench.hear(HistoryImported, {
    importId: uuid5('import'),
    source: 'spec',
    synthetic: true,
    symbols: 3,
    rows: 900,
    refused: 0,
    from: '2023-01-03',
    to: '2024-03-01',
  });
};

const skipped = async () =>
  (await bench.said(AlertRaised.orchestrator)).map(({ severity, numbers }) => [
    numbers['asOf'],
    numbers['code'],
    severity,
  ]);

describe('the daily schedule', () => {
  it('does nothing while it is off', async () => {
    await start('off');
    await prepare();
    await bench.advanceTo('2024-03-04T21:15:00.000Z');
    expect(await bench.said(CycleOpened)).toEqual([]);
    await bench.close();
  });

  it('says why it opened none', async () => {
    await start('daily');
    await bench.tell(ArmSchedule, 'main', { portfolioId: 'main' });
    await bench.advanceTo('2024-03-04T21:15:00.000Z');
    expect(await bench.said(CycleOpened)).toEqual([]);
    expect(await skipped()).toEqual([['2024-03-04', 'BOOK_NOT_FOUND', 'warning']]);
    expect(await bench.audited()).toContain('schedule.skipped');
  });

  it('opens a cycle a quarter of an hour after the close, once however often the host was started', async () => {
    await prepare();
    await bench.advanceTo('2024-03-05T21:14:59.999Z');
    expect(await bench.said(CycleOpened)).toEqual([]);
    await bench.advanceTo('2024-03-05T21:15:00.000Z');
    expect(await bench.said(CycleOpened)).toMatchObject([
      {
        cycleId: uuid5('main', '2024-03-05T21:15:00.000Z'),
        trigger: 'schedule',
        asOf: '2024-03-05',
        tradeSession: { date: '2024-03-06' },
      },
    ]);
  });

  it('only tells, without alarm, that a cycle of an operator is still open', async () => {
    await bench.advanceTo('2024-03-06T21:10:00.000Z');
    const request = { patternId: 'daily-rebalance', asOf: '2024-03-06', trigger: 'operator' as const };
    await bench.tell(OpenCycle, 'main', { idempotencyKey: 'by-hand', portfolioId: 'main', request });
    await bench.advanceTo('2024-03-06T21:15:00.000Z');
    expect((await skipped()).at(-1)).toEqual(['2024-03-06', 'CYCLE_OPEN', 'info']);
  });

  it('gives up slots that passed while the host was down', async () => {
    // The clock moves and no timer fires: nobody was there.
    bench.clock.advanceTo('2024-03-12T12:00:00.000Z');
    await bench.advanceTo('2024-03-12T12:00:00.000Z');
    expect((await skipped()).slice(2).filter(([, code]) => code === 'SLOT_MISSED')).toHaveLength(1);
    await bench.advanceTo('2024-03-12T20:15:00.000Z');
    expect((await bench.said(CycleOpened)).at(-1)).toMatchObject({ trigger: 'schedule', asOf: '2024-03-12' });
  });
});
