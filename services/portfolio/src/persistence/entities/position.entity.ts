import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One name in a book, twice: as the ledger has it, and with the fills heard since,
 * applied in the order in which the ledger will take them.
 */
@Entity('position')
export class PositionEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'cost', type: 'numeric' })
  cost!: string;

  @Column({ name: 'posted_quantity', type: 'numeric' })
  postedQuantity!: string;

  @Column({ name: 'posted_cost', type: 'numeric' })
  postedCost!: string;

  /** What the fills that the ledger does not have yet have realised. */
  @Column({ name: 'pending_realised', type: 'numeric' })
  pendingRealised!: string;
}
