import './jest-setup.js';

/** Jest's global teardown: ends what the setup started. */
export default async function teardown(): Promise<void> {
  await globalThis.stopBallastTestEnvironment?.();
  globalThis.stopBallastTestEnvironment = undefined;
}
