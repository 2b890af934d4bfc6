import type { AlertData, Instant } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An alert of any service, and who has seen it. */
@Entity('alert')
@Index('alert_raised', ['raisedAt', 'alertId'])
export class AlertEntity {
  @PrimaryColumn({ name: 'alert_id', type: 'uuid' })
  alertId!: string;

  @Column({ name: 'family', type: 'text' })
  family!: string;

  @Column({ name: 'code', type: 'text' })
  code!: string;

  @Column({ name: 'severity', type: 'text' })
  severity!: AlertData['severity'];

  @Column({ name: 'message', type: 'text' })
  message!: string;

  @Column({ name: 'numbers', type: 'jsonb' })
  numbers!: Record<string, string>;

  @Column({ name: 'next_step', type: 'text' })
  nextStep!: string;

  @Column({ name: 'raised_at', type: 'timestamptz', precision: 3 })
  raisedAt!: Instant;

  /** Null while it is open. */
  @Column({ name: 'acknowledged_at', type: 'timestamptz', precision: 3, nullable: true })
  acknowledgedAt!: Instant | null;

  @Column({ name: 'acknowledged_by', type: 'text', nullable: true })
  acknowledgedBy!: string | null;

  @Column({ name: 'acknowledged_reason', type: 'text', nullable: true })
  acknowledgedReason!: string | null;
}
