import { Instant, local, SessionDate, Slug, TickerSymbol, Uuid } from '@ballast/contracts';
import { z } from 'zod';

/** Names together longer than this do not fit into the one event that says them. */
const SYMBOL_CHARACTERS_MAX = 150_000;

const UniverseRequest = z
  .strictObject({
    symbols: z
      .array(TickerSymbol)
      .min(1)
      .max(10_000)
      .refine(
        (symbols) => symbols.reduce((sum, symbol) => sum + symbol.length + 3, 0) <= SYMBOL_CHARACTERS_MAX,
        'the names are too long for one event; name fewer symbols, or use "size"',
      )
      .optional(),
    size: z.int().min(1).max(10_000).optional(),
  })
  .refine(({ symbols, size }) => symbols === undefined || size === undefined, 'either "symbols" or "size", not both');

/** What `POST /v1/execute` takes. `asOf` and `patternId` are looked at by the handler, which knows what there is. */
export const ExecuteRequest = z
  .strictObject({
    patternId: z.string().min(1).max(48),
    asOf: z.string().min(1).max(40),
    trigger: z.enum(['schedule', 'operator', 'event']),
    eventId: z.string().min(1).max(200).optional(),
    universe: UniverseRequest.optional(),
    portfolioId: Slug.optional(),
    strategies: z.array(Slug).min(1).max(100).optional(),
    /** Who answers for prices that are stale, on their way or in error, and why; it stands in the audit. */
    override: z.strictObject({ by: z.string().min(1).max(100), reason: z.string().min(3).max(500) }).optional(),
  })
  .refine(({ trigger, eventId }) => trigger !== 'event' || eventId !== undefined, {
    path: ['eventId'],
    message: 'the id of the event that asks for the cycle, because "trigger" is "event"',
  });
export type ExecuteRequest = z.infer<typeof ExecuteRequest>;

/** Opens a cycle; `idempotencyKey` names it. */
export const OpenCycle = local(
  'command.open-cycle',
  z.object({ idempotencyKey: z.string(), portfolioId: Slug, request: ExecuteRequest }),
);
export type OpenCycle = z.infer<typeof OpenCycle.schema>;

/** The host has started: the schedule is armed, or put away, as the configuration says. */
export const ArmSchedule = local('command.arm-schedule', z.object({ portfolioId: Slug }));
export type ArmSchedule = z.infer<typeof ArmSchedule.schema>;

/** A session closed a while ago, and its cycle is due. */
export const ScheduleDue = local(
  'timer.schedule-due',
  z.object({ portfolioId: Slug, asOf: SessionDate, dueAt: Instant }),
);
export type ScheduleDue = z.infer<typeof ScheduleDue.schema>;

/** Until now there should have been a verdict. */
export const DecideDeadline = local('timer.decide-deadline', z.object({ cycleId: Uuid }));
export type DecideDeadline = z.infer<typeof DecideDeadline.schema>;

/** Until now the cycle should have ended. */
export const CompleteDeadline = local('timer.complete-deadline', z.object({ cycleId: Uuid }));
export type CompleteDeadline = z.infer<typeof CompleteDeadline.schema>;
