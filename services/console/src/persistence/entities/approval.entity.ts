import type { Instant } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Approval, ApprovalState } from '../../domain/approval.js';

/** What risk asked a person, and what they said. */
@Entity('approval')
@Index('approval_requested', ['requestedAt', 'cycleId'])
export class ApprovalEntity implements Approval {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'plan_hash', type: 'text' })
  planHash!: string;

  @Column({ name: 'approved_hash', type: 'text' })
  approvedHash!: string;

  @Column({ name: 'notional', type: 'numeric' })
  notional!: string;

  @Column({ name: 'reasons', type: 'jsonb' })
  reasons!: string[];

  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: Instant;

  @Column({ name: 'expires_at', type: 'timestamptz', precision: 3 })
  expiresAt!: Instant;

  @Column({ name: 'state', type: 'text' })
  state!: ApprovalState;

  @Column({ name: 'decided_at', type: 'timestamptz', precision: 3, nullable: true })
  decidedAt!: Instant | null;

  @Column({ name: 'decided_by', type: 'text', nullable: true })
  decidedBy!: string | null;

  @Column({ name: 'decided_reason', type: 'text', nullable: true })
  decidedReason!: string | null;
}
