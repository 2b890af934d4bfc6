import type { Side } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An order at the venue, as far as the book cares: what of it may still fill. */
@Entity('working_order')
@Index('working_order_open', ['portfolioId'], { where: 'not ended' })
export class WorkingOrderEntity {
  @PrimaryColumn({ name: 'client_order_id', type: 'text' })
  clientOrderId!: string;

  @Column({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'side', type: 'text' })
  side!: Side;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'filled', type: 'numeric' })
  filled!: string;

  /** Filled, cancelled, rejected or expired; kept, so that a late fill does not bring the order back to life. */
  @Column({ name: 'ended', type: 'boolean' })
  ended!: boolean;
}
