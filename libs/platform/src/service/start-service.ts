import { familyOf, type AlertData } from '@ballast/contracts';
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
import { Inbox } from '../inbox/inbox.js';
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
import { InstanceLock } from './instance-lock.js';
import { OpsController } from './ops.controller.js';
import { RunningService } from './running-service.js';
import { serviceMetrics } from './service-metrics.js';
import { traceHandling } from './tracing.js';

@Module({})
class ServiceModule {}

/** The largest HTTP body a service takes. */
const BODY_BYTES_MAX = 1_048_576;

/** How long a gap in a key's sequence may stand before it is asked for. */
const GAP_PATIENCE_MS = 5_000;

/**
 * Starts a service in a host: reads its configuration, brings its schema up to date,
 * boots its Nest application, and waits until it is the active instance.
 * @throws ConfigFault naming every wrong variable; Fault where the schema is newer than this program.
 */
export async function startService<S extends z.ZodObject>(
  definition: ServiceDefinition<S>,
  host: Host,
): Promise<RunningService> {
  const { name } = definition;
  const config = loadConfig(definition.config, host.env(name), name);
  const logger = host.logger(name);
  const dataSource = createDataSource({
    service: name,
    url: host.databaseUrl(name),
    entities: [...definition.entities] as never,
    migrations: definition.migrations,
  });
  await dataSource.initialize();
  const lock = new InstanceLock(dataSource, schemaOf(name));
  const metrics = metricsFor(name);
  const telemetry = telemetryFor(name, { endpoint: host.env(name)['OTEL_EXPORTER_OTLP_ENDPOINT'] });
  const gauges = serviceMetrics(metrics);
  const checkpoint = (point: Parameters<NonNullable<Host['checkpoint']>>[1]) => host.checkpoint?.(name, point);
  let running: RunningService | undefined;

  const inbox = new Inbox({
    service: name,
    dataSource,
    clock: host.clock,
    hooks: {
      checkpoint,
      factsCommitted: () => running?.factsCommitted(),
      tasksCommitted: (dueAt) => running?.tasksCommitted(dueAt),
      alertRaised: (alert) =>
        logAlert(logger, alert, () => gauges.alerts.inc({ code: alert.code, severity: alert.severity })),
      traced: (message, handle) => traceHandling(telemetry, message, handle),
    },
  });
  const readiness = new Readiness();
  const relay = new Relay({
    runner: lock.runner,
    bus: host.bus,
    checkpoint,
    wentBack: (detail) => logger.warn(detail, 'the stream had gone back; publishing again from the outbox'),
  });
  const app = await createApp(definition, host, { inbox, dataSource, config, readiness, metrics, telemetry, logger });
  const tasks = new TaskRunner({
    service: name,
    dataSource,
    clock: host.clock,
    inbox,
    checkpoint,
    runners: (definition.runners ?? []).map((runner) => app.get<Runner>(runner as Type<Runner>)),
  });
  const reconciler = new Reconciler({
    family: familyOf(name),
    hears: inbox.filters().map((filter) => filter.replace(/\.>$/, '')),
    dataSource,
    clock: host.clock,
    bus: host.bus,
    relay,
    patienceMs: GAP_PATIENCE_MS,
    onGap: (gap) => {
      gauges.gaps.inc();
      logger.warn(gap, 'facts are missing; asking for them again');
    },
  });
  readiness.add({
    name: 'database',
    check: async () => ({ up: (await dataSource.query('select 1')).length === 1, detail: 'answers' }),
  });
  readiness.add({ name: 'bus', check: () => host.bus.health() });
  running = new RunningService({
    definition: definition as ServiceDefinition,
    host,
    app,
    dataSource,
    inbox,
    relay,
    tasks,
    reconciler,
    lock,
    readiness,
    logger,
    gauges,
    listeners: (definition.listeners ?? []).map((listener) => app.get<Listener>(listener)),
    shutdownTelemetry: () => telemetry.shutdown(),
  });
  readiness.add({ name: 'instance', check: () => Promise.resolve(running!.role()) });
  return running;
}

interface Parts {
  readonly inbox: Inbox;
  readonly dataSource: DataSource;
  readonly config: unknown;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
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

function logAlert(logger: Logger, alert: AlertData, count: () => void): void {
  const level = alert.severity === 'critical' ? 'error' : alert.severity === 'warning' ? 'warn' : 'info';
  logger[level]({ alert }, alert.message);
  count();
}
