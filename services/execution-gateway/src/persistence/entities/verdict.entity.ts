import type { Verdict } from '../../domain/verdict.js';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A verdict of risk and what became of it. */
@Index('verdict_waiting', ['account'], { where: `status = 'waiting'` })
@Entity('verdict')
export class VerdictEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @PrimaryColumn({ name: 'approved_hash', type: 'text' })
  approvedHash!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'status', type: 'text' })
  status!: 'executing' | 'waiting' | 'refused';

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  /** The verdict itself, while it waits. */
  @Column({ name: 'waiting', type: 'jsonb', nullable: true })
  waiting!: Verdict | null;

  @Column({ name: 'parents', type: 'integer' })
  parents!: number;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt!: string;

  /** When the last parent had ended and the books were asked for. */
  @Column({ name: 'reconcile_at', type: 'timestamptz', precision: 3, nullable: true })
  reconcileAt!: string | null;
}
