import { readConfig, startPaperBroker } from './index.js';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const broker = await startPaperBroker(config);
  process.stdout.write(`${JSON.stringify({ listening: broker.url })}\n`);
  let closing = false;
  const stop = (): void => {
    if (closing) return;
    closing = true;
    broker.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.exitWithParent) {
    // A parent that dies, however it dies, closes the pipe that is our standard input.
    process.stdin.on('end', stop).on('close', stop).resume();
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
