import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GenericContainer, Wait } from 'testcontainers';
import { parse } from 'yaml';

/** As much of the compose file as the tests take over, so that they run on what it names. */
interface Compose {
  readonly services: Readonly<
    Record<string, { image: string; command?: string[]; environment?: Record<string, string> }>
  >;
}

const compose = parse(readFileSync(resolve('docker-compose.yml'), 'utf8'), { merge: true }) as Compose;

const composed = (name: string): Compose['services'][string] => {
  const service = compose.services[name];
  if (!service) throw new Error(`docker-compose.yml has no service "${name}"`);
  return service;
};

/** A server in a container of its own. */
export interface Server {
  readonly image: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the Postgres of docker-compose.yml, with its command line; `url` is that of its superuser. */
export async function startPostgresContainer(): Promise<Server> {
  const { image, command = [], environment = {} } = composed('postgres');
  const password = 'password-of-a-container-that-ends-with-the-test';
  const container = await new GenericContainer(image)
    .withEnvironment({ ...environment, POSTGRES_DB: 'postgres', POSTGRES_PASSWORD: password })
    .withCommand(command)
    .withExposedPorts(5432)
    // The image starts the server twice: the first time only to make the database.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start();
  const url = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return { image, url, stop: async () => void (await container.stop()) };
}

/** Starts the NATS of docker-compose.yml with JetStream and without its permissions, which have a test of their own. */
export async function startNatsContainer(): Promise<Server> {
  const { image } = composed('nats');
  const container = await new GenericContainer(image)
    .withCommand(['--jetstream', '--store_dir', '/data'])
    .withExposedPorts(4222)
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
    .start();
  const url = `nats://${container.getHost()}:${container.getMappedPort(4222)}`;
  return { image, url, stop: async () => void (await container.stop()) };
}

/** How long a start may take on a machine that has to fetch the image first. */
export const CONTAINER_START_MS = 300_000;
