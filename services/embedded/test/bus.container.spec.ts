import { afterAll, beforeAll } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { JetStreamBus, Provisioner } from '@ballast/platform';
import { busConformance } from '../../../libs/platform/src/bus/bus.conformance.js';
import { CONTAINER_START_MS, startNatsContainer, type Server } from './containers.js';

let nats: Server;
beforeAll(async () => {
  nats = await startNatsContainer();
}, CONTAINER_START_MS);
afterAll(() => nats.stop());

let made = 0;

busConformance('JetStreamBus on the NATS of docker-compose.yml', async () => {
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
