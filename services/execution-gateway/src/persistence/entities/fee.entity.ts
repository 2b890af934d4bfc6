import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A fee that the venue booked beside its fills, by the name that the venue gave it. */
@Index('fee_account', ['account', 'bookedAt'])
@Entity('fee')
export class FeeEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'activity_id', type: 'text' })
  activityId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  /** What it takes from the cash. */
  @Column({ name: 'amount', type: 'numeric' })
  amount!: string;

  @Column({ name: 'date', type: 'date' })
  date!: string;

  @Column({ name: 'description', type: 'text' })
  description!: string;

  /** The venue's time. */
  @Column({ name: 'booked_at', type: 'timestamptz', precision: 3 })
  bookedAt!: string;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt!: string;
}
