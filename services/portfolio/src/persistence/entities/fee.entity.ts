import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A fee as it was heard, once per (venue, activity id); without a ledger sequence it waits for the next commit. */
@Entity('fee')
@Index('fee_pending', ['portfolioId'], { where: 'ledger_sequence is null' })
export class FeeEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'activity_id', type: 'text' })
  activityId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'amount', type: 'numeric' })
  amount!: string;

  @Column({ name: 'date', type: 'date' })
  date!: string;

  @Column({ name: 'description', type: 'text' })
  description!: string;

  @Column({ name: 'booked_at', type: 'timestamptz', precision: 3 })
  bookedAt!: string;

  @Column({ name: 'ledger_sequence', type: 'integer', nullable: true })
  ledgerSequence!: number | null;
}
