import type { Mode } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that orders may be sent for: it was opened by the portfolio. */
@Entity('venue_account')
export class VenueAccountEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'mode', type: 'text' })
  mode!: Mode;

  @Column({ name: 'opening_cash', type: 'numeric' })
  openingCash!: string;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt!: string;

  /** How often its stream was opened; each opening is another message. */
  @Column({ name: 'stream_opens', type: 'integer' })
  streamOpens!: number;
}
