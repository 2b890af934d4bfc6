import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LookStatus } from '../../domain/watch.js';
import type { VenueAccount } from '../../messages.js';

/** What is known of an account by looking at the venue's books. */
@Entity('account_watch')
export class AccountWatchEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  /** Null until the books agree for the first time since the gateway began its work. */
  @Column({ name: 'ready_at', type: 'timestamptz', precision: 3, nullable: true })
  readyAt!: string | null;

  @Column({ name: 'status', type: 'text', nullable: true })
  status!: LookStatus | null;

  /** The reconciliation that is under way for the watch. */
  @Column({ name: 'look_id', type: 'uuid', nullable: true })
  lookId!: string | null;

  @Column({ name: 'next_look_at', type: 'timestamptz', precision: 3, nullable: true })
  nextLookAt!: string | null;

  @Column({ name: 'green_at', type: 'timestamptz', precision: 3, nullable: true })
  greenAt!: string | null;

  @Column({ name: 'facts', type: 'json', nullable: true })
  facts!: VenueAccount | null;

  @Column({ name: 'facts_at', type: 'timestamptz', precision: 3, nullable: true })
  factsAt!: string | null;
}
