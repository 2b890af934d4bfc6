import type { Side } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A fill as it was heard, once per (venue, execution id): what lots are worked out from. */
@Entity('fill')
@Index('fill_symbol', ['account', 'symbol', 'filledAt'])
@Index('fill_short', ['account'], { where: 'short' })
export class FillEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'execution_id', type: 'text' })
  executionId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'side', type: 'text' })
  side!: Side;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'price', type: 'numeric' })
  price!: string;

  @Column({ name: 'fees', type: 'numeric' })
  fees!: string;

  @Column({ name: 'filled_at', type: 'timestamptz', precision: 3 })
  filledAt!: string;

  /** A sale that found too few lots; it waits for a buy that was not heard yet. */
  @Column({ name: 'short', type: 'boolean' })
  short!: boolean;
}
