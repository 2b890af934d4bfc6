// Goal: ticks reach the stream TICKS, a trade once however often it is brought, and no place where there is none.
import { createLogger, JetStreamBus, LocalBus, Provisioner } from '@ballast/platform';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { natsBinaryForTests, testNats, type TestNats } from '../../../../../libs/platform/src/nats/nats.fixture.js';
import { smallDay, tradeAt } from './live-bench.fixture.js';
import type { HeardTick } from './ports.js';
import { TickStream } from './tick-stream.js';

const logger = createLogger({ service: 'feeds', level: 'silent' });
const at = Date.parse('2024-03-04T14:30:00.000Z');
const from = { source: 'alpaca:iex', simulated: false };
const heard = (tick: HeardTick['tick']): HeardTick => ({ tick, ...from });

const bin = await natsBinaryForTests();

(bin === null ? describe.skip : describe)('the stream of ticks', () => {
  let nats: TestNats;
  let admin: NatsConnection;
  let bus: JetStreamBus;
  beforeAll(async () => {
    nats = await testNats(bin ?? '');
    admin = await connect({ servers: nats.url });
    const provisioner = await Provisioner.over(admin);
    await provisioner.ensureStream();
    await provisioner.ensureTicks();
    bus = await JetStreamBus.connect({ servers: nats.url, name: 'feeds' });
  });
  afterAll(async () => {
    await bus.close();
    await admin.close();
    await nats.remove();
  });

  it('keeps each trade once, under its symbol, as it was heard', async () => {
    const sink = new TickStream(bus, logger);
    await sink.publish([heard(tradeAt('BRK.B', at, '1')), heard(tradeAt('BRK.B', at, '2'))]);
    await sink.publish([heard(tradeAt('BRK.B', at, '2')), heard(tradeAt('BRK.B', at, '3'))]);
    const manager = await jetstreamManager(admin);
    const info = await manager.streams.info('TICKS', { subjects_filter: 'ticks.>' });
    expect(info.state.subjects).toEqual({ 'ticks.trade.BRK=2eB': 3 });
    const last = await manager.streams.getMessage('TICKS', { last_by_subj: 'ticks.trade.BRK=2eB' });
    expect(last!.json()).toMatchObject({ kind: 'trade', symbol: 'BRK.B', id: '3', price: '100.5', ...from });
  });

  it('takes many', async () => {
    const ticks = smallDay(at, 300, ['IBM', 'SPY']).map(({ tick }) => heard(tick));
    const sink = new TickStream(bus, logger);
    const started = performance.now();
    await sink.publish(ticks);
    console.info(`${Math.round(ticks.length / ((performance.now() - started) / 1_000))} ticks/s into TICKS`);
    const info = await (await jetstreamManager(admin)).streams.info('TICKS', { subjects_filter: 'ticks.*.SPY' });
    const wanted = ticks.filter(({ tick }) => tick.symbol === 'SPY').length;
    expect(Object.values(info.state.subjects!).reduce((sum, n) => sum + n, 0)).toBe(wanted);
  });
});

describe('a bus without a stream of ticks', () => {
  it('takes them nowhere, and says so once', async () => {
    const said: string[] = [];
    const listening = { info: (line: string) => void said.push(line) } as never;
    const bus = new LocalBus();
    const sink = new TickStream(bus, listening);
    await sink.publish([heard(tradeAt('SPY', at, '1'))]);
    await sink.publish([heard(tradeAt('SPY', at, '2'))]);
    await bus.close();
    expect(said).toEqual(['this bus keeps no stream of ticks: they are watched, and kept nowhere']);
  });
});
