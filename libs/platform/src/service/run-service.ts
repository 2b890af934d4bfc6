import { flag, integer, secret, url } from '../config/variables.js';
import { loadConfig } from '../config/config.js';
import { JetStreamBus } from '../bus/jetstream-bus.js';
import { SystemClock } from '../clock/clock.js';
import { FilePackStore } from '../packs/file-pack-store.js';
import { createLogger } from '../telemetry/logger.js';
import { messageOf } from '../errors.js';
import { z } from 'zod';
import type { ServiceDefinition } from './define-service.js';
import { startService } from './start-service.js';

/** What every service's process reads besides its own variables. */
export const PlatformConfig = z.object({
  DATABASE_URL: url(['postgres', 'postgresql']).describe("the service's own role and database"),
  NATS_URL: url(['nats', 'tls']).describe('the NATS server'),
  NATS_USER: z.string().min(1).optional().describe('the NATS user; the name of the service by default'),
  NATS_PASSWORD: secret(8).optional().describe('the password of the NATS user'),
  HTTP_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address to listen on; loopback unless told otherwise'),
  HTTP_PORT: integer({ min: 0, max: 65_535 }).default(0).describe('the port to listen on; 0 takes a free one'),
  API_TOKEN: secret(16).describe('the bearer token that HTTP asks for'),
  PACKS_DIR: z.string().min(1).describe('the folder of pricing packs and blobs, shared by all services'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('what is worth a line'),
  EXIT_WITH_PARENT: flag()
    .default(false)
    .describe('ends when the standard input closes, as it does when the process that started this one has died'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url()
    .optional()
    .describe('an OTLP/HTTP receiver such as Jaeger; tracing is off without it'),
});

/**
 * Runs one service as a process: environment in, one line of JSON with the address out
 * (`{"listening": "http://…"}`), until SIGTERM or SIGINT drains it. Exits 1 where it cannot start.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const { name } = definition;
  try {
    const config = loadConfig(PlatformConfig, process.env, name);
    const logger = createLogger({ service: name, level: config.LOG_LEVEL });
    const bus = await JetStreamBus.connect({
      servers: config.NATS_URL,
      user: config.NATS_USER ?? name,
      ...(config.NATS_PASSWORD ? { password: config.NATS_PASSWORD.reveal() } : {}),
      name,
      incident: (code, detail) => logger.warn({ code }, detail),
    });
    const running = await startService(definition, {
      clock: new SystemClock(),
      bus,
      packs: new FilePackStore(config.PACKS_DIR),
      env: () => process.env,
      databaseUrl: () => config.DATABASE_URL,
      token: config.API_TOKEN,
      logger: () => logger,
      // What is under way here must not go on: the process ends at once, and whoever looks after it starts it as a standby.
      superseded: (_service, detail) => fail(`${detail}; ending, to be started as a standby`),
      drive: 'loops',
    });
    await running.app.listen(config.HTTP_PORT, config.HTTP_HOST);
    process.stdout.write(`${JSON.stringify({ listening: await running.app.getUrl(), service: name })}\n`);
    const stop = async (): Promise<void> => {
      await running.stop();
      await bus.close();
    };
    let ending: Promise<never> | undefined;
    const end = (): void => void (ending ??= stop().then(() => process.exit(0), fail));
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
    if (config.EXIT_WITH_PARENT) process.stdin.once('close', end).resume();
    await running.activate();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
