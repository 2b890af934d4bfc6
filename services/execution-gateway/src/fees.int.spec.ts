// Goal: what the venue books beside its fills is heard before its cash is called wrong, said once, and part of our cash.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised, FeeCharged, ReconciliationCompleted } from '@ballast/contracts';
import { GatewayBench } from '../test/gateway-bench.js';

const gateway = new GatewayBench();

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

/** The venue books a fee of so many dollars now. */
function charge(id: string, dollars: number): void {
  gateway.stub.fees!.push({ id, net_amount: (-dollars).toFixed(2), created_at: gateway.bench.clock.now() });
  gateway.stub.cash -= dollars;
}

/** Compares the books and says what came of it, from the first round to the last. */
async function reconciled() {
  const cycleId = await gateway.execute();
  // A difference that a fee made smaller has moved, and is looked at once more.
  for (let round = 1; round <= 3; round += 1) await gateway.advance(2_000);
  return (await gateway.said(ReconciliationCompleted, cycleId))[0]!;
}

const charged = async () => (await gateway.bench.said(FeeCharged)).filter(({ account }) => account === gateway.account);

describe('a fee', () => {
  it('is heard by the comparison of the books, said once by its name, and part of our cash from then on', async () => {
    await gateway.openAccount();
    charge('20240304::a', 0.03);
    charge('20240304::b', 1.5);
    const first = await reconciled();
    expect(first).toMatchObject({ status: 'green', breaks: [], fees: 2 });
    expect(await charged()).toEqual([
      {
        ...{ account: gateway.account, portfolioId: gateway.account, venue: 'alpaca', activityId: '20240304::a' },
        ...{ code: 'TAF', amount: '0.03', date: '2024-03-04', description: 'TAF fee', bookedAt: expect.any(String) },
      },
      expect.objectContaining({ activityId: '20240304::b', amount: '1.5' }),
    ]);
    charge('20240305::c', 2);
    expect(await reconciled()).toMatchObject({ status: 'green', fees: 3 });
    expect((await charged()).map(({ activityId }) => activityId)).toEqual([
      '20240304::a',
      '20240304::b',
      '20240305::c',
    ]);
  });

  it('that is given back is one below zero', async () => {
    await gateway.openAccount();
    charge('20240304::d', -4.25);
    expect(await reconciled()).toMatchObject({ status: 'green' });
    expect(await charged()).toMatchObject([{ amount: '-4.25' }]);
  });

  it('is one of many pages', async () => {
    await gateway.openAccount();
    for (let n = 0; n < 205; n += 1) charge(`page::${String(n).padStart(3, '0')}`, 0.25);
    expect(await reconciled()).toMatchObject({ status: 'green', fees: 205 });
  });

  it('is not asked for while the cash agrees, and none is counted', async () => {
    await gateway.openAccount();
    gateway.stub.fees = null;
    const completed = await reconciled();
    expect(completed).toMatchObject({ status: 'green' });
    expect(completed).not.toHaveProperty('fees');
  });

  it('explains only what it explains: the rest of a difference is a break', async () => {
    await gateway.openAccount();
    charge('20240304::e', 2);
    gateway.stub.cash -= 10;
    expect(await reconciled()).toMatchObject({
      status: 'broken',
      breaks: [{ kind: 'cash', ours: '99998', venue: '99988' }],
    });
  });

  it('that cannot be asked for leaves the books unknown, and says why', async () => {
    await gateway.openAccount();
    charge('20240304::f', 2);
    gateway.stub.fees = null;
    expect(await reconciled()).toMatchObject({ status: 'unavailable', breaks: [] });
    const alerts = (await gateway.bench.said(AlertRaised.execution)).filter(
      ({ numbers }) => numbers['account'] === gateway.account,
    );
    expect(alerts).toMatchObject([
      { code: 'RECONCILIATION_UNAVAILABLE', message: expect.stringContaining('the venue answered 404') },
    ]);
    expect(await charged()).toEqual([]);
  });
});
