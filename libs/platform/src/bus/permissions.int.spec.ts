import { EnvelopeSchema } from '@ballast/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { natsBinaryForTests, testNats, type TestNats } from '../nats/nats.fixture.js';
import { hear, message } from './bus.conformance.js';
import { JetStreamBus } from './jetstream-bus.js';
import { authorizationConfig, PROVISIONER } from './permissions.js';
import { Provisioner } from './provision.js';

const bin = await natsBinaryForTests();
const suite = bin === null ? describe.skip : describe;

const passwordOf = (user: string): string => `secret-of-${user}`;

suite('a server with the generated permissions', () => {
  let nats: TestNats;
  let admin: NatsConnection;
  let provisioner: Provisioner;
  const open: { close(): Promise<void> }[] = [];

  const connectAs = async (user: string): Promise<NatsConnection> => {
    const connection = await connect({
      servers: nats.url,
      user,
      pass: passwordOf(user),
      inboxPrefix: `_INBOX_${user}`,
      timeout: 2_000,
    });
    open.push(connection);
    return connection;
  };
  const busAs = async (service: string): Promise<JetStreamBus> => {
    const bus = await JetStreamBus.connect({
      servers: nats.url,
      name: service,
      user: service,
      password: passwordOf(service),
      bindWithinMs: 1_500,
      incident: () => undefined,
    });
    open.push(bus);
    return bus;
  };

  beforeAll(async () => {
    nats = await testNats(bin ?? '', {
      config: authorizationConfig({ passwords: (user) => ({ text: passwordOf(user) }), ext: ['newswire'] }),
    });
    admin = await connectAs(PROVISIONER);
    provisioner = await Provisioner.over(admin);
    await provisioner.ensureStream();
    await provisioner.ensureTicks();
    await provisioner.ensureDurable({ durable: 'allocator', filters: ['signal.scores.>'] });
    await provisioner.ensureDurable({ durable: 'tax', filters: ['allocator.plan.>'] });
  });
  afterAll(async () => {
    for (const one of open.reverse()) await one.close();
  });
  afterAll(() => nats.remove());

  it('lets a service say its own family', async () => {
    const bus = await busAs('allocator');
    await expect(bus.publish([message('allocator.plan.proposed.v1.main', 1)])).resolves.toHaveLength(1);
  });

  it('refuses a fact of another family', async () => {
    const bus = await busAs('allocator');
    const forged = bus.publish([message('risk.plan.approved.v1.main', 1)]);
    await expect(forged).rejects.toMatchObject({
      code: 'PUBLISH_NOT_ACKNOWLEDGED',
      message: expect.stringContaining('ermissions'),
    });
  });

  it('refuses a service that creates or deletes a stream or a durable', async () => {
    const manager = await jetstreamManager(await connectAs('allocator'), { checkAPI: false });
    await expect(manager.streams.add({ name: 'MINE', subjects: ['mine.>'] })).rejects.toThrow('ermissions');
    await expect(manager.streams.delete('EVENTS')).rejects.toThrow('ermissions');
    await expect(manager.streams.purge('EVENTS')).rejects.toThrow('ermissions');
    await expect(manager.consumers.add('EVENTS', { durable_name: 'spy', ack_policy: 'explicit' })).rejects.toThrow(
      'ermissions',
    );
    await expect(manager.consumers.delete('EVENTS', 'tax')).rejects.toThrow('ermissions');
  });

  it('lets a service read its durable', async () => {
    const [signal, allocator] = [await busAs('signal'), await busAs('allocator')];
    const { heard, subscription } = await hear(allocator, 'allocator', ['signal.scores.>']);
    await signal.publish([message('signal.scores.computed.v1.momentum', 1)]);
    await heard.until((all) => all.length === 1);
    await subscription.stop();
    // The acknowledgement arrived: nothing waits at the durable any more.
    const manager = await jetstreamManager(admin);
    const info = await manager.consumers.info('EVENTS', 'allocator');
    expect({ pending: info.num_pending, unanswered: info.num_ack_pending }).toEqual({ pending: 0, unanswered: 0 });
  });

  it("refuses to let a service read another's durable, or answer for it", async () => {
    const allocator = await busAs('allocator');
    const spying = hear(allocator, 'tax', ['allocator.plan.>']);
    await expect(spying).rejects.toMatchObject({
      code: 'DURABLE_UNAVAILABLE',
      message: expect.stringContaining('ermissions'),
    });

    const raw = await connectAs('allocator');
    const manager = await jetstreamManager(admin);
    const tax = await manager.consumers.info('EVENTS', 'tax');
    const pulled = await jetstream(raw)
      .consumers.getConsumerFromInfo(tax)
      .fetch({ max_messages: 1, expires: 1_000, bind: true });
    const steal = async (): Promise<void> => {
      for await (const one of pulled) throw new Error(`got ${one.subject}`);
    };
    await expect(steal()).rejects.toThrow('heartbeats missed');

    const statuses = raw.status()[Symbol.asyncIterator]();
    raw.publish('$JS.ACK.EVENTS.tax.1.1.1.1.0', '+ACK');
    await expect(statuses.next()).resolves.toMatchObject({ value: { type: 'error', error: { operation: 'publish' } } });
    expect((await manager.consumers.info('EVENTS', 'tax')).delivered.consumer_seq).toBe(0);
  });

  it("lets a service put the server's own answers under a foreign family by their reply subject, but no words of its own", async () => {
    // NATS checks where a request goes, not where its answer goes. So whoever hears must still parse the envelope.
    const raw = await connectAs('signal');
    raw.publish('$JS.API.STREAM.INFO.EVENTS', '', { reply: 'risk.plan.approved.v1.forged' });
    raw.publish('signal.scores.computed.v1.x', '{"mine":1}', { reply: 'risk.plan.approved.v1.forged' });
    await raw.flush();
    const manager = await jetstreamManager(admin);
    const forged = async () =>
      (await manager.streams.info('EVENTS', { subjects_filter: 'risk.>' })).state.subjects ?? {};
    while ((await forged())['risk.plan.approved.v1.forged'] !== 2) await raw.flush();
    const last = await manager.streams.getMessage('EVENTS', { last_by_subj: 'risk.plan.approved.v1.forged' });
    expect(last?.string()).not.toContain('mine');
    expect(EnvelopeSchema.safeParse(last?.json()).success).toBe(false);
  });

  it("refuses to let a service hear events past its durable, or another's inbox", async () => {
    for (const subject of ['risk.>', '>', '_INBOX_tax.>', '$JS.ACK.>']) {
      const connection = await connectAs('allocator');
      const refused = new Promise((resolve) => connection.subscribe(subject, { callback: (error) => resolve(error) }));
      await expect(refused).resolves.toMatchObject({ name: 'PermissionViolationError' });
    }
  });

  it('lets an outside party publish under its own prefix only', async () => {
    const newswire = jetstream(await connectAs('ext-newswire'), { timeout: 2_000 });
    await expect(newswire.publish('ext.newswire.story.v1', '{}')).resolves.toMatchObject({ stream: 'EVENTS' });
    await expect(newswire.publish('ext.other.story.v1', '{}')).rejects.toThrow('ermissions');
    await expect(newswire.publish('policy.opinion.recorded.v1.x', '{}')).rejects.toThrow('ermissions');
  });

  it('lets feeds publish ticks, and nobody else', async () => {
    const tick = { id: 'one', subject: 'ticks.trade.SPY', body: '{}' };
    const feeds = await busAs('feeds');
    await expect(feeds.publishTicks([tick, tick])).resolves.toBeUndefined();
    const { state } = await (await jetstreamManager(admin)).streams.info('TICKS');
    expect(state.messages).toBe(1);
    const signal = await busAs('signal');
    await expect(signal.publishTicks([tick])).rejects.toMatchObject({
      code: 'TICKS_NOT_ACKNOWLEDGED',
      message: expect.stringContaining('ermissions'),
    });
  });

  it('passes control signals between services', async () => {
    const [console_, execution] = [await busAs('console'), await busAs('execution-gateway')];
    const heard = new Promise(
      (resolve) => void execution.onSignal('halt', resolve).then(() => console_.signal('halt', { on: true })),
    );
    await expect(heard).resolves.toEqual({ on: true });
  });

  it('has a durable made that a service asked for by signal, and none that is not on the list', async () => {
    const answering = provisioner.answer([{ durable: 'portfolio', filters: ['execution.order.>'] }], () => undefined);
    await admin.flush();
    const portfolio = await busAs('portfolio');
    const { subscription } = await hear(portfolio, 'portfolio', ['execution.order.>']);
    await subscription.stop();
    const feeds = await busAs('feeds');
    await expect(hear(feeds, 'feeds', ['orchestrator.cycle.>'])).rejects.toMatchObject({ code: 'DURABLE_UNAVAILABLE' });
    answering.unsubscribe();
  });

  it('refuses a wrong password and a user that is not listed', async () => {
    const attempt = (user: string, pass: string) => connect({ servers: nats.url, user, pass, reconnect: false });
    await expect(attempt('allocator', 'wrong')).rejects.toThrow('uthorization');
    await expect(attempt('paper-broker', passwordOf('paper-broker'))).rejects.toThrow('uthorization');
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow('uthorization');
  });
});
