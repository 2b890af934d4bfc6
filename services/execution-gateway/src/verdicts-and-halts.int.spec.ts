import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  approvedHashOf,
  HaltLifted,
  HaltRaised,
  OrderCancelled,
  Permit,
  PlanApproved,
  PlanRefused,
  ScheduleCompleted,
  SchedulePlanned,
  type DataOf,
} from '@ballast/contracts';
import { BUS, packRows, type Bus } from '@ballast/platform';
import { rmSync, writeFileSync } from 'node:fs';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';
import { HALT_TOPIC, HaltFileDoor, HaltSignalDoor } from './adapters/halt-doors.js';

const gateway = new GatewayBench();

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

describe('a verdict', () => {
  const refusedWith = async (data: DataOf<typeof PlanApproved>): Promise<string[]> => {
    await gateway.bench.hear(PlanApproved, data);
    expect(await gateway.said(SchedulePlanned, data.cycleId)).toEqual([]);
    return (await gateway.said(PlanRefused, data.cycleId)).map((refused) => refused.code);
  };

  it('is refused where its signature does not hold', async () => {
    await gateway.openAccount();
    const data = await gateway.verdict([trade('AAPL')]);
    expect(await refusedWith({ ...data, signature: Buffer.alloc(64).toString('base64') })).toEqual([
      'SIGNATURE_INVALID',
    ]);
    expect(
      await refusedWith({ ...(await gateway.verdict([trade('AAPL')])), ...{ expiresAt: '2030-01-01T00:00:00.000Z' } }),
    ).toEqual(['SIGNATURE_INVALID']);
    expect(await refusedWith({ ...(await gateway.verdict([trade('AAPL')])), ...{ keyId: '0'.repeat(16) } })).toEqual([
      'SIGNATURE_INVALID',
    ]);
  });

  it('is refused where the trades are not those that were signed', async () => {
    const altered = (await packRows(gateway.bench.packs, [trade('AAPL', '11')])) as never;
    expect(await refusedWith({ ...(await gateway.verdict([trade('AAPL')])), ...{ trades: altered } })).toEqual([
      'HASH_MISMATCH',
    ]);
  });

  it('is refused where it has expired, and where a halt came since', async () => {
    expect(await refusedWith(await gateway.verdict([trade('AAPL')], { expiresAt: gateway.bench.clock.now() }))).toEqual(
      ['VERDICT_EXPIRED'],
    );
    await gateway.bench.post(
      '/api/v1/halt',
      { account: gateway.account, on: true, by: 'trader', reason: 'a test of halts' },
      'old-1',
    );
    expect(await refusedWith(await gateway.verdict([trade('AAPL')]))).toEqual(['HALT_EPOCH_OLD']);
  });

  it('is refused for an account of another mode, before anything of it is scheduled', async () => {
    await gateway.nameAccount('live');
    expect(await refusedWith(await gateway.verdict([trade('AAPL')]))).toEqual(['MODE_MISMATCH']);
  });

  it('happens once, and a second one for the same cycle not at all', async () => {
    await gateway.openAccount();
    const data = await gateway.verdict([trade('AAPL')]);
    await gateway.bench.hear(PlanApproved, data);
    await gateway.bench.hear(PlanApproved, data);
    expect(await gateway.said(SchedulePlanned, data.cycleId)).toHaveLength(1);
    const trades = [trade('IBM')];
    const approvedHash = approvedHashOf({ cycleId: data.cycleId, account: gateway.account, trades });
    const signature = gateway.sign(Permit.parse({ ...data, approvedHash }));
    await gateway.bench.hear(PlanApproved, {
      ...data,
      approvedHash,
      signature,
      trades: (await packRows(gateway.bench.packs, trades)) as never,
    });
    expect(await gateway.said(PlanRefused, data.cycleId)).toMatchObject([{ code: 'VERDICT_REPLAYED' }]);
    expect(await gateway.said(SchedulePlanned, data.cycleId)).toHaveLength(1);
  });

  it('waits for a halt epoch that is not known here yet', async () => {
    await gateway.openAccount();
    const data = await gateway.verdict([trade('AAPL')], { haltEpoch: 2 });
    await gateway.bench.hear(PlanApproved, data);
    expect([await gateway.said(SchedulePlanned, data.cycleId), await gateway.said(PlanRefused, data.cycleId)]).toEqual([
      [],
      [],
    ]);
    await gateway.bench.post(
      '/api/v1/halt',
      { account: gateway.account, on: true, by: 'trader', reason: 'a test of halts' },
      'wait-1',
    );
    await gateway.bench.post(
      '/api/v1/halt',
      { account: gateway.account, on: false, by: 'trader', reason: 'all is well', confirm: gateway.account },
      'wait-2',
    );
    expect(await gateway.said(SchedulePlanned, data.cycleId)).toHaveLength(1);
  });
});

describe('a halt', () => {
  it('lets nothing leave, and ends what has not left as void', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    const raised = await gateway.bench.post(
      '/api/v1/halt',
      { account: gateway.account, on: true, by: 'trader', reason: 'looks wrong' },
      `halt-${gateway.account}`,
    );
    expect(raised).toMatchObject({
      status: 200,
      body: { account: gateway.account, halted: true, epoch: 1, door: 'http' },
    });
    await gateway.advance(10 * MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['filled', 'cancelled']);
    expect(await gateway.said(OrderCancelled, cycleId)).toMatchObject([
      { reason: 'halted at epoch 1 by trader: looks wrong' },
    ]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'partially_filled', filledQuantity: '5', reason: 'HALTED' },
    ]);
  });

  it('is lifted only by who names the account', async () => {
    const off = { account: gateway.account, on: false, by: 'trader', reason: 'all is well' };
    expect(await gateway.bench.post('/api/v1/halt', off, 'off-1')).toMatchObject({
      status: 422,
      body: { code: 'CONFIRMATION_REQUIRED' },
    });
    expect(await gateway.bench.post('/api/v1/halt', { ...off, confirm: gateway.account }, 'off-2')).toMatchObject({
      status: 200,
      body: { halted: false, epoch: 2 },
    });
    const mine = (facts: readonly { account: string }[]) => facts.filter((each) => each.account === gateway.account);
    expect(mine(await gateway.bench.said(HaltRaised as never))).toMatchObject([{ epoch: 1 }]);
    expect(mine(await gateway.bench.said(HaltLifted as never))).toMatchObject([{ epoch: 2 }]);
    expect(await gateway.bench.post('/api/v1/halt', { ...off, account: 'nobody' }, 'off-3')).toMatchObject({
      status: 404,
    });
  });
});

describe('the other doors of the halt', () => {
  const halted = async (): Promise<unknown> => {
    const list = (await gateway.bench.get('/api/v1/halt')).body as { items: { account: string }[] };
    return list.items.find((each) => each.account === gateway.account);
  };

  it('halt by a signal on the bus, and never lift', async () => {
    await gateway.openAccount();
    const door = gateway.bench.service.app.get(HaltSignalDoor);
    const bus = gateway.bench.service.app.get<Bus>(BUS);
    await door.start();
    await bus.signal(HALT_TOPIC, { account: gateway.account, on: false, by: 'ops', reason: 'must not be heard' });
    expect(await halted()).toMatchObject({ halted: false, epoch: 0 });
    await bus.signal(HALT_TOPIC, { account: gateway.account, on: true, by: 'ops', reason: 'by signal' });
    await bus.signal(HALT_TOPIC, { account: gateway.account, on: true, by: 'ops', reason: 'by signal' });
    expect(await halted()).toMatchObject({ halted: true, epoch: 1, door: 'nats', by: 'ops' });
    await door.stop();
  });

  it('halt while a file exists, and removing it lifts nothing', async () => {
    await gateway.openAccount();
    const door = gateway.bench.service.app.get(HaltFileDoor);
    await door.look();
    expect(await halted()).toMatchObject({ halted: false });
    writeFileSync(gateway.haltFile, '');
    await door.look();
    await door.look();
    rmSync(gateway.haltFile);
    await door.look();
    expect(await halted()).toMatchObject({ halted: true, epoch: 1, door: 'file' });
  });
});
