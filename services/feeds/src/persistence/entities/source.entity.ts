import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PriceBasis } from '../../domain/adjust-panel.js';

/** A history by name: what its imports add up to. A cycle reads exactly one. */
@Entity('source')
export class SourceEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'synthetic', type: 'boolean' })
  synthetic!: boolean;

  /** Whether its prices jump at splits, as they were traded, or were adjusted for them. */
  @Column({ name: 'price_basis', type: 'text' })
  priceBasis!: PriceBasis;

  @Column({ name: 'symbols', type: 'integer' })
  symbols!: number;

  @Column({ name: 'rows', type: 'integer' })
  rows!: number;

  @Column({ name: 'from_date', type: 'date' })
  fromDate!: string;

  @Column({ name: 'to_date', type: 'date' })
  toDate!: string;

  /** The last import that changed the history: whatever is made from it is named by this. */
  @Column({ name: 'import_id', type: 'uuid' })
  importId!: string;

  /** The turn of the import that asked for it last, even where that changed nothing: the latest is what cycles read. */
  @Column({ name: 'turn', type: 'integer' })
  turn!: number;

  @Column({ name: 'selected_at', type: 'timestamptz', precision: 3 })
  selectedAt!: string;
}
