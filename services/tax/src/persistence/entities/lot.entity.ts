import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An open lot: what is left of the shares that one fill bought. */
@Entity('lot')
@Index('lot_symbol', ['account', 'symbol'])
export class LotEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'execution_id', type: 'text' })
  executionId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'quantity', type: 'numeric' })
  quantity!: string;

  @Column({ name: 'opened_quantity', type: 'numeric' })
  openedQuantity!: string;

  /** All that the lot cost when it was opened, fees included, not rounded. */
  @Column({ name: 'opened_basis', type: 'numeric' })
  openedBasis!: string;

  @Column({ name: 'acquired', type: 'date' })
  acquired!: string;

  @Column({ name: 'holding_start', type: 'date' })
  holdingStart!: string;

  @Column({ name: 'opened_at', type: 'timestamptz', precision: 3 })
  openedAt!: string;
}
