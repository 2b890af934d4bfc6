import { afterAll, describe, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsBinaryForTests, testNats, type TestNats } from '../nats/nats.fixture.js';
import { busConformance } from './bus.conformance.js';
import { JetStreamBus } from './jetstream-bus.js';
import { LocalBus } from './local-bus.js';
import { Provisioner } from './provision.js';

busConformance('LocalBus', () => {
  const bus = new LocalBus();
  return Promise.resolve({ bus, publishResolves: 'committed', refusesTooLarge: true, close: () => bus.close() });
});

const bin = await natsBinaryForTests();
if (bin === null) {
  describe.skip('JetStreamBus', () => it('needs a nats-server', () => undefined));
} else {
  let nats: TestNats | null = null;
  let made = 0;
  afterAll(() => nats?.remove());

  busConformance('JetStreamBus', async () => {
    nats ??= await testNats(bin);
    // One server for the suite; every test has the stream to itself.
    const stream = `EVENTS_${++made}`;
    const admin = await connect({ servers: nats.url });
    const provisioner = await Provisioner.over(admin, { name: stream });
    await provisioner.ensureStream();
    const bus = await JetStreamBus.connect({
      servers: nats.url,
      name: 'conformance',
      stream,
      ensureDurable: (request) => provisioner.ensureDurable(request),
      incident: () => undefined,
    });
    return {
      bus,
      publishResolves: 'stored',
      refusesTooLarge: true,
      close: async () => {
        await bus.close();
        await (await jetstreamManager(admin)).streams.delete(stream);
        await admin.close();
      },
    };
  });
}
