import {
  AlertRaised,
  AuditRecorded,
  eventType,
  fact,
  FeeCharged,
  HaltRaised,
  local,
  MessageParked,
  OrderSubmitted,
  PlanRefused,
  ReconciliationCompleted,
  SchedulePlanned,
  SymbolHalted,
  uuid5,
  type Envelope,
  type EventType,
} from '@ballast/contracts';
import {
  createLogger,
  defineService,
  fromWithin,
  JetStreamBus,
  messageOf,
  On,
  Secret,
  startService,
  type Clock,
  type InboxContext,
  type PackStore,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** What a stand-in is told to say. */
const Say = local('chaos.say', z.object({ type: z.string(), data: z.unknown() }));

/** Says what it is told, through an inbox and an outbox like any service: it is lost as little, and told again as well. */
@Controller()
class OnSay {
  @On(Say)
  handle(@Payload() { data }: Envelope<z.infer<typeof Say.schema>>, @Ctx() ctx: InboxContext): void {
    ctx.emit([fact(eventType(data.type) as EventType, data.data)]);
  }
}

/** Hears all that the gateway says, and keeps it: a noun is heard whole where one of its types is. */
@Controller()
class OnExecution {
  @On(SchedulePlanned)
  schedule(): void {}

  @On(PlanRefused)
  plan(): void {}

  @On(OrderSubmitted)
  order(): void {}

  @On(ReconciliationCompleted)
  reconciliation(): void {}

  @On(HaltRaised)
  halt(): void {}

  @On(SymbolHalted)
  symbol(): void {}

  @On(FeeCharged)
  fee(): void {}

  @On(AuditRecorded.execution)
  audit(): void {}

  @On(AlertRaised.execution)
  alert(): void {}

  @On(MessageParked.execution)
  message(): void {}
}

const standIn = (name: string, ...hears: ServiceDefinition['controllers']): ServiceDefinition =>
  defineService({ name, config: z.object({}), entities: [], migrations: [], controllers: [OnSay, ...hears] });

/** Who hears all that the gateway says. */
export const WITNESS = 'portfolio';

/** Stand-ins for those services whose facts the gateway consumes; each says its own family and no other. */
export const STAND_INS: readonly ServiceDefinition[] = [
  standIn(WITNESS, OnExecution),
  standIn('risk-guardrails'),
  standIn('console'),
];

export interface CompanyOptions {
  readonly clock: Clock;
  readonly packs: PackStore;
  readonly natsUrl: string;
  readonly natsPassword: (user: string) => string;
  readonly databaseUrl: (service: string) => string;
  readonly log: (line: string) => void;
}

interface Member {
  readonly running: RunningService;
  readonly bus: JetStreamBus;
}

/** The services around the gateway. They run in this process, on the platform's own machinery. */
export class Company {
  readonly #members = new Map<string, Member>();
  #said = 0;

  constructor(private readonly options: CompanyOptions) {}

  async start(): Promise<void> {
    for (const definition of STAND_INS) await this.#start(definition);
  }

  async stop(): Promise<void> {
    const members = [...this.#members.values()];
    this.#members.clear();
    await Promise.all(members.map((member) => this.#stop(member)));
  }

  /** Has the owner of a type say a fact, once, whatever is away meanwhile. */
  async say<D>(owner: string, type: EventType, data: D): Promise<void> {
    const id = uuid5('chaos', 'say', ++this.#said);
    const at = this.options.clock.now();
    const message = {
      id,
      type: Say.type,
      key: owner,
      data: { type: type.type, data },
      at,
      correlationId: id,
      causationId: id,
    };
    for (;;) {
      const member = this.#members.get(owner);
      const [received] = (await member?.running.inbox.receive([fromWithin(owner, 'command', message, {})])) ?? [];
      if (received?.status === 'handled' || received?.status === 'duplicate') return;
      if (received?.status === 'parked') throw new Error(`${owner} could not say ${type.type}: ${received.error}`);
      await pause(100);
    }
  }

  /** Tells whether all have said and heard what there is. */
  async idle(): Promise<boolean> {
    for (const { running } of this.#members.values()) if (!(await running.idle())) return false;
    return true;
  }

  async #start(definition: ServiceDefinition): Promise<void> {
    const { name } = definition;
    const { clock, packs, natsUrl, natsPassword, databaseUrl, log } = this.options;
    const bus = await JetStreamBus.connect({
      servers: natsUrl,
      name,
      user: name,
      password: natsPassword(name),
      incident: (code, detail) => log(`${name}: ${code}: ${detail}`),
    });
    const running = await startService(definition, {
      clock,
      bus,
      packs,
      env: () => ({}),
      databaseUrl,
      token: new Secret('token-of-a-stand-in'),
      logger: (service) => createLogger({ service, level: 'silent' }),
      drive: 'loops',
    });
    await running.activate();
    this.#members.set(name, { running, bus });
  }

  async #stop({ running, bus }: Member): Promise<void> {
    const tell = (error: unknown): void => this.options.log(`${running.name} stops: ${messageOf(error)}`);
    await running.stop().catch(tell);
    await bus.close().catch(tell);
  }
}
