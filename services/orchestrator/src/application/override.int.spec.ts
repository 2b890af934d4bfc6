// Goal: no cycle begins with prices that are not to be relied on, unless somebody answers for them by name.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AccountOpened, AlertRaised, CycleOpened, HistoryImported, PackAssessed, uuid5 } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { orchestrator } from '../module.js';

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(orchestrator, { env: { ORCHESTRATOR_EXECUTE_WAIT_SECONDS_MAX: '1' } });
  const openedAt = bench.clock.now();
  await bench.hear(AccountOpened, {
    ...{ portfolioId: 'main', account: 'main', mode: 'paper', currency: 'USD', cash: '1000', openedAt },
  });
  await bench.hear(HistoryImported, {
    ...{ importId: uuid5('import'), source: 'spec', synthetic: true, symbols: 3, rows: 900, refused: 0 },
    ...{ from: '2023-01-03', to: '2024-03-01' },
  });
});
afterAll(() => bench.close());

const assess = (status: 'error' | 'warming' | 'fresh', estimatedReady: string | null = null) =>
  bench.hear(PackAssessed, {
    ...{ pack: 'current', source: 'spec', status, reason: '7 of 100 closes differ', estimatedReady },
    ...{ reconciliation: null, at: bench.clock.now() },
  });
const execute = (key: string, more: object = {}) =>
  bench.post('/v1/execute', { patternId: 'daily-rebalance', asOf: '2024-03-01', trigger: 'operator', ...more }, key);

it('answers when prices that are on their way will be there', async () => {
  await assess('warming', '2024-03-04T15:00:07.000Z');
  expect(await execute('warming')).toMatchObject({
    status: 503,
    body: { code: 'PACK_WARMING', estimated_ready: '2024-03-04T15:00:07.000Z' },
  });
});

it('answers why prices are not to be relied on', async () => {
  await assess('error');
  const { status, body } = await execute('error');
  expect({ status, body }).toMatchObject({ status: 500, body: { code: 'RECONCILIATION_FAILED' } });
  expect((body as { detail: string }).detail).toContain('7 of 100 closes differ');
  expect(await bench.said(CycleOpened)).toEqual([]);
});

it('goes on where somebody answers for them, which is said, written down and alerted', async () => {
  const override = { by: 'ada', reason: 'a split that the other vendor missed' };
  expect(await execute('nameless', { override: { reason: 'trust me' } })).toMatchObject({ status: 400 });
  expect(await execute('override', { override })).toMatchObject({ status: 200 });
  expect(await bench.said(CycleOpened)).toMatchObject([{ packOverride: override }]);
  expect(await bench.audited()).toContain('pack.overridden');
  expect((await bench.said(AlertRaised.orchestrator)).map(({ code }) => code)).toContain('PACK_OVERRIDDEN');
});
