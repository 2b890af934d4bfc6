import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { machineClock } from './adapters/clock.js';
import { TradeUpdates } from './adapters/ws/trade-updates.js';
import { readRecordings } from './adapters/recordings.js';
import { attachFaults } from './application/fault-hooks.js';
import { FaultMenu } from './application/faults.js';
import { isSecret } from './application/http.js';
import { Venue } from './application/venue.js';
import type { PaperBrokerConfig } from './config.js';
import { PaperBrokerModule } from './module.js';
import type { Parts } from './module.js';
import { SCHEMA } from './persistence/migrate.js';
import { Queries } from './persistence/queries.js';
import { Store } from './persistence/store.js';

export { ConfigError, readConfig, SETTINGS } from './config.js';
export type { PaperBrokerConfig } from './config.js';

export interface RunningPaperBroker {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** Finishes what is queued, says goodbye to the streams and gives up the database. */
  close(): Promise<void>;
}

/** A simulated clock that nobody has moved stands on the first session that the exchange calendar knows. */
const SIMULATED_START = '1998-01-02T00:00:00.000Z';
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const READ_CONNECTIONS_MAX = 4;

/**
 * Starts the simulated venue: migrates its schema, reads its state and listens.
 * Rejects with a message that starts with a code where the database cannot be reached or is in use, was run with the
 * other clock or by a newer program, or where the port is taken.
 */
export async function startPaperBroker(config: PaperBrokerConfig): Promise<RunningPaperBroker> {
  const log = pino({ name: 'paper-broker', level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const machine = machineClock();
  const recordings = readRecordings(config.recordings);
  const pool = new pg.Pool({
    connectionString: config.databaseUrl,
    max: READ_CONNECTIONS_MAX,
    options: `-c search_path=${SCHEMA}`,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  const store = new Store({
    connect: () => new pg.Client({ connectionString: config.databaseUrl }),
    clock: config.clock,
    startAt: config.clock === 'real' ? machine.now() : SIMULATED_START,
    sleep: machine.sleep,
    recordings,
  });
  const menu = new FaultMenu(config.faults, () => venue.now());
  const stream: TradeUpdates = new TradeUpdates({
    sleep: machine.sleep,
    faultOf: ({ account, frame }) => menu.forFrame(account, frame),
    authorize: (keyId, secret) => isSecret(config.secret, secret) && venue.account(keyId) !== undefined,
  });
  const venue = new Venue({
    store,
    machine,
    clock: config.clock,
    rules: config.rules,
    recordings,
    log,
    publish: (frames) => stream.publish(frames),
  });
  const closeDatabase = async (): Promise<void> => {
    await store.close();
    await pool.end();
  };
  try {
    await venue.start().catch((error: unknown) => Promise.reject(explained(error, config)));
    const app = await listen({ config, log, machine, venue, menu, queries: new Queries(pool) }, stream);
    const { port } = app.getHttpServer().address() as { port: number };
    log.info({ port, clock: config.clock, faults: config.faults.enabled }, 'the simulated venue is open for business');
    return {
      url: `http://${config.host}:${port}`,
      port,
      close: async () => {
        // The queue first, so that its frames still leave; the streams before the server, which waits for their sockets.
        await venue.close();
        await stream.close();
        await app.close();
        await closeDatabase();
      },
    };
  } catch (error) {
    await venue.close();
    await closeDatabase();
    throw error;
  }
}

async function listen(parts: Parts, stream: TradeUpdates): Promise<NestFastifyApplication> {
  const { config } = parts;
  const app = await NestFactory.create<NestFastifyApplication>(
    PaperBrokerModule.of(parts),
    new FastifyAdapter({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: 'idle' }),
    { logger: false, abortOnError: false },
  );
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-ballast-simulated', 'true');
    done();
  });
  attachFaults(server, {
    ...parts,
    isAuthorized: ({ headers }) => isSecret(config.secret, String(headers['apca-api-secret-key'] ?? '')),
  });
  stream.attach(app.getHttpServer() as Server);
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close();
    throw explained(error, config);
  }
  return app;
}

/** Says in plain words what a failure to start means and what to do about it. */
function explained(error: unknown, config: PaperBrokerConfig): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'EADDRINUSE') {
    return new Error(
      `PAPER_BROKER_PORT_IN_USE: port ${config.port} on ${config.host} is taken; give another PAPER_BROKER_PORT, or 0 for a free one`,
      { cause: error },
    );
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT') {
    const { host } = new URL(config.databaseUrl);
    return new Error(
      `PAPER_BROKER_DATABASE_UNREACHABLE: no Postgres answers at ${host}; start it or correct DATABASE_URL`,
      {
        cause: error,
      },
    );
  }
  return error;
}
