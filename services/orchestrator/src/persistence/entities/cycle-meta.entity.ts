import type { CycleOpened, DataOf, Instant, Mode, SessionDate } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Counts, Cycle, Refusal, Stage, Status } from '../../domain/cycle.js';

type Opened = DataOf<typeof CycleOpened>;

/** A cycle, from its opening to its end; what each field means stands at {@link Cycle}. */
@Entity('cycle_meta')
@Index('cycle_meta_open', ['portfolioId'], { unique: true, where: `status not in ('closed', 'aborted')` })
@Index('cycle_meta_opened', ['openedAt', 'cycleId'])
export class CycleMetaEntity implements Cycle {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'mode', type: 'text' })
  mode!: Mode;

  @Column({ name: 'pattern_id', type: 'text' })
  patternId!: string;

  @Column({ name: 'trigger', type: 'text' })
  trigger!: Opened['trigger'];

  @Column({ name: 'event_id', type: 'text', nullable: true })
  eventId!: string | null;

  @Column({ name: 'as_of', type: 'date' })
  asOf!: SessionDate;

  @Column({ name: 'seed', type: 'integer' })
  seed!: number;

  /** It may name thousands of symbols, and no decision reads it again: loaded only where it is asked for. */
  @Column({ name: 'universe', type: 'jsonb', select: false })
  universe!: Opened['universe'];

  @Column({ name: 'strategies', type: 'jsonb' })
  strategies!: readonly string[];

  @Column({ name: 'config_hash', type: 'text' })
  configHash!: string;

  @Column({ name: 'trade_session', type: 'jsonb' })
  tradeSession!: Opened['tradeSession'];

  @Column({ name: 'decide_by', type: 'timestamptz', precision: 3 })
  decideBy!: Instant;

  @Column({ name: 'complete_by', type: 'timestamptz', precision: 3 })
  completeBy!: Instant;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt!: Instant;

  @Column({ name: 'ended_at', type: 'timestamptz', precision: 3, nullable: true })
  endedAt!: Instant | null;

  @Column({ name: 'status', type: 'text' })
  status!: Status;

  @Column({ name: 'stages', type: 'jsonb' })
  stages!: Readonly<Partial<Record<Stage, Instant>>>;

  @Column({ name: 'plan', type: 'text', nullable: true })
  plan!: Cycle['plan'];

  @Column({ name: 'verdict', type: 'text', nullable: true })
  verdict!: Cycle['verdict'];

  @Column({ name: 'refusal', type: 'jsonb', nullable: true })
  refusal!: Refusal | null;

  @Column({ name: 'decisions', type: 'jsonb', nullable: true })
  decisions!: Counts | null;

  @Column({ name: 'parents_expected', type: 'integer', nullable: true })
  parentsExpected!: number | null;

  @Column({ name: 'parents_planned', type: 'integer' })
  parentsPlanned!: number;

  @Column({ name: 'parents_completed', type: 'integer' })
  parentsCompleted!: number;

  @Column({ name: 'pack_id', type: 'text', nullable: true })
  packId!: string | null;

  @Column({ name: 'pricing_pack_id', type: 'text', nullable: true })
  pricingPackId!: string | null;

  @Column({ name: 'plan_hash', type: 'text', nullable: true })
  planHash!: string | null;

  @Column({ name: 'approved_hash', type: 'text', nullable: true })
  approvedHash!: string | null;

  @Column({ name: 'ledger_commit_hash', type: 'text', nullable: true })
  ledgerCommitHash!: string | null;

  @Column({ name: 'ledger_sequence', type: 'integer' })
  ledgerSequence!: number;

  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome!: Cycle['outcome'];

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'aborted_stage', type: 'text', nullable: true })
  abortedStage!: string | null;

  @Column({ name: 'late_facts', type: 'jsonb' })
  lateFacts!: Readonly<Record<string, number>>;

  /** The trace that the cycle's request began; for people, no decision reads it. */
  @Column({ name: 'trace_id', type: 'text', nullable: true })
  traceId!: string | null;
}
