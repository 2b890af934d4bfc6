// The tests that run on the Postgres and NATS versions of docker-compose.yml: `npm run test:containers`. Where no
// container runtime answers there is nothing to run them on, which is said in one line and is no failure.
import { getContainerRuntimeClient } from 'testcontainers';
import everyday from './jest.config.mjs';

const reason = await getContainerRuntimeClient().then(
  () => null,
  (error) => error.message,
);
if (reason !== null) {
  process.stderr.write(
    `Container tests are skipped: no container runtime answers here, neither at DOCKER_HOST nor at the usual sockets (${reason}).\n`,
  );
  process.exit(0);
}

const [{ displayName: _name, testMatch: _match, ...shared }] = everyday.projects;

export default {
  ...shared,
  testMatch: ['<rootDir>/{libs,services}/**/*.container.spec.ts'],
  testTimeout: everyday.testTimeout,
};
