import { familyOf, type AuditData } from '@ballast/contracts';
import { Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { loadConfig } from '../config/config.js';
import { HealthController } from '../health/health.controller.js';
import { Readiness } from '../health/readiness.js';
import { createFastifyAdapter } from '../http/adapter.js';
import { BearerGuard } from '../http/bearer.guard.js';
import { serveOpenApi } from '../http/openapi.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { Fault } from '../errors.js';
import { Inbox, type InboxHooks } from '../inbox/inbox.js';
import { Reconciler } from '../outbox/reconciler.js';
import { Relay } from '../outbox/relay.js';
import { createDataSource, schemaOf } from '../persistence/data-source.js';
import { TaskRunner } from '../task/task-runner.js';
import type { Runner } from '../task/runs.js';
import { LOGGER, NestLogger } from '../telemetry/logger.js';
import { Metrics, MetricsController, metricsFor } from '../telemetry/metrics.js';
import { injectTrace, telemetryFor, type Telemetry } from '../telemetry/telemetry.js';
import { BUS, CLOCK, CONFIG, PACKS, type Listener, type ServiceDefinition } from './define-service.js';
import { Door } from './door.js';
import type { Host } from './host.js';
import { InstanceLease, LEASE_MS, UNRENEWED_MS } from './instance-lease.js';
import { OpsController } from './ops.controller.js';
import { RunningService } from './running-service.js';
import { serviceMetrics, type ServiceMetrics } from './service-metrics.js';
import { traceHandling } from './tracing.js';

@Module({})
class ServiceModule {}

/** The largest HTTP body a service takes. */
const BODY_BYTES_MAX = 1_048_576;

/** How long a gap in a key's sequence may stand before it is asked for. */
const GAP_PATIENCE_MS = 5_000;

/**
 * Starts a service in a host: reads its configuration, brings its schema up to date and
 * boots its Nest application. It hears and speaks only after {@link RunningService.activate}.
 * @throws ConfigFault naming every wrong variable; Fault SCHEMA_NEWER where a newer program was here before.
 */
export async function startService<S extends z.ZodObject>(
  definition: ServiceDefinition<S>,
  host: Host,
): Promise<RunningService> {
  const { name } = definition;
  const config = loadConfig(definition.config, host.env(name), name);
  const logger = host.logger(name);
  const dataSource = await openSchema(definition as unknown as ServiceDefinition, host);
  const metrics = metricsFor(name);
  const telemetry = telemetryFor(name, { endpoint: host.env(name)['OTEL_EXPORTER_OTLP_ENDPOINT'] });
  const gauges = serviceMetrics(metrics);
  // The loops are made last and woken from the first commit on; until then nobody is there to be woken.
  const wakes: Wakes = { factsCommitted: () => undefined, tasksCommitted: () => undefined };
  const checkpoint: InboxHooks['checkpoint'] = (point) => host.checkpoint?.(name, point);
  const hooks: InboxHooks = {
    checkpoint,
    momentOf: host.momentOf ?? (() => host.clock.now()),
    factsCommitted: () => wakes.factsCommitted(),
    tasksCommitted: (dueAt) => wakes.tasksCommitted(dueAt),
    alertRaised: (alert) => {
      gauges.alerts.inc({ code: alert.code, severity: alert.severity });
      logger[LEVELS[alert.severity]]({ alert }, alert.message);
    },
    audited: (entry) => logAudit(logger, entry),
    traced: (message, handle, said) => traceHandling(telemetry, message, handle, said),
  };
  const leaseMs = host.drive === 'loops' ? LEASE_MS : UNRENEWED_MS;
  const lease = new InstanceLease({ dataSource, schema: schemaOf(name), leaseMs });
  const inbox = new Inbox({ service: name, dataSource, clock: host.clock, epoch: () => lease.epoch, hooks });
  const readiness = new Readiness();
  const parts = { inbox, lease, dataSource, config, readiness, metrics, telemetry, logger, gauges, checkpoint };
  const app = await createApp(definition as unknown as ServiceDefinition, host, parts).catch(async (error: unknown) => {
    await dataSource.destroy();
    throw error;
  });
  const running = new RunningService({
    ...parts,
    ...machinery(definition as unknown as ServiceDefinition, host, app, parts),
    definition: definition as unknown as ServiceDefinition,
    host,
    app,
    listeners: (definition.listeners ?? []).map((listener) => app.get<Listener>(listener)),
    shutdownTelemetry: () => telemetry.shutdown(),
  });
  wakes.factsCommitted = () => running.factsCommitted();
  wakes.tasksCommitted = (dueAt) => running.tasksCommitted(dueAt);
  readiness.add({ name: 'database', check: () => answers(dataSource) });
  readiness.add({ name: 'bus', check: () => host.bus.health() });
  readiness.add({ name: 'instance', check: () => Promise.resolve(running.role()) });
  return running;
}

type Wakes = { -readonly [K in 'factsCommitted' | 'tasksCommitted']: InboxHooks[K] };

const LEVELS = { critical: 'error', warning: 'warn', info: 'info' } as const;

/** Tells the story of the service in its log: what it did, with the numbers. Lists stay in the audit trail. */
function logAudit(logger: Logger, { act, actor, subject, cycleId, portfolioId, detail }: AuditData): void {
  if (!logger.isLevelEnabled('info')) return;
  const plain = Object.entries(detail).filter(([, value]) => typeof value !== 'object' || value === null);
  logger.info({ actor, subject, cycleId, portfolioId, detail: Object.fromEntries(plain) }, act);
}

async function answers(dataSource: DataSource): Promise<{ up: boolean; detail: string }> {
  await dataSource.query('select 1');
  return { up: true, detail: 'answers' };
}

/** The service's schema, brought up to date. A schema that a newer program has changed is left alone. */
async function openSchema(definition: ServiceDefinition, host: Host): Promise<DataSource> {
  const { name, entities, migrations } = definition;
  const url = host.databaseUrl(name);
  const dataSource = createDataSource({ service: name, url, entities: [...entities] as never, migrations });
  await dataSource.initialize();
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const newer = await dataSource.query<{ name: string }[]>(`select name from migration where name <> all($1)`, [known]);
  if (newer.length === 0) return dataSource;
  await dataSource.destroy();
  throw new Fault(
    'SCHEMA_NEWER',
    `the schema of ${name} has migrations that this program does not know (${newer.map((row) => row.name).join(', ')}); run the newer program`,
  );
}

/** What moves messages in and out of a service. */
function machinery(definition: ServiceDefinition, host: Host, app: NestFastifyApplication, parts: Parts) {
  const { inbox, lease, dataSource, logger, gauges, checkpoint } = parts;
  const relay = new Relay({
    session: () => lease.session,
    bus: host.bus,
    checkpoint,
    wentBack: (detail) => logger.warn(detail, 'the stream had gone back; publishing again from the outbox'),
  });
  const tasks = new TaskRunner({
    service: definition.name,
    dataSource,
    clock: host.clock,
    inbox,
    lease,
    checkpoint,
    raisesAlerts: host.drive === 'loops',
    ...(host.workers === undefined ? {} : { workers: host.workers }),
    runners: (definition.runners ?? []).map((runner) => app.get<Runner>(runner as Type<Runner>)),
  });
  const reconciler = new Reconciler({
    family: familyOf(definition.name),
    hears: inbox.filters().map((filter) => filter.replace(/\.>$/, '')),
    dataSource,
    clock: host.clock,
    bus: host.bus,
    relay,
    patienceMs: GAP_PATIENCE_MS,
    onGap: (gap) => {
      gauges.gaps.inc();
      const { key: messageKey, ...rest } = gap;
      logger.warn({ ...rest, messageKey }, 'facts are missing; asking for them again');
    },
  });
  return { relay, tasks, reconciler };
}

interface Parts {
  readonly inbox: Inbox;
  readonly lease: InstanceLease;
  readonly dataSource: DataSource;
  readonly config: unknown;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly gauges: ServiceMetrics;
  readonly checkpoint: InboxHooks['checkpoint'];
}

async function createApp(definition: ServiceDefinition, host: Host, parts: Parts): Promise<NestFastifyApplication> {
  const door = new Door(definition.name, parts.inbox, host.clock, injectTrace);
  const given: Provider[] = [
    { provide: CONFIG, useValue: parts.config },
    { provide: CLOCK, useValue: host.clock },
    { provide: BUS, useValue: host.bus },
    { provide: PACKS, useValue: host.packs },
    { provide: LOGGER, useValue: parts.logger },
    { provide: DataSource, useValue: parts.dataSource },
    { provide: Door, useValue: door },
    { provide: Inbox, useValue: parts.inbox },
    { provide: Readiness, useValue: parts.readiness },
    { provide: Metrics, useValue: parts.metrics },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useValue: new BearerGuard(host.token) },
  ];
  const module = {
    module: ServiceModule,
    controllers: [HealthController, MetricsController, OpsController, ...definition.controllers],
    providers: [
      ...given,
      ...(definition.providers ?? []),
      ...((definition.runners ?? []) as Type[]),
      ...((definition.listeners ?? []) as Type[]),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    module,
    createFastifyAdapter({ bodyLimitBytes: BODY_BYTES_MAX, observer: parts }),
    {
      logger: new NestLogger(parts.logger),
      abortOnError: false,
    },
  );
  app.connectMicroservice({ strategy: parts.inbox }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  serveOpenApi(app, { title: `Ballast ${definition.name}`, version: '1' });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
