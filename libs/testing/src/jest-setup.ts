import { startTestEnvironment } from './environment.js';

declare global {
  var stopBallastTestEnvironment: (() => Promise<void>) | undefined;
}

/** Jest's global setup of the projects that need a database. */
export default async function setup(): Promise<void> {
  globalThis.stopBallastTestEnvironment ??= await startTestEnvironment();
}
