import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SymbolAction } from '../../domain/actions.js';
import type { ImportReport } from '../../domain/collect-bars.js';

/** What a vendor gave for a group of symbols; a backfill that was interrupted goes on after the last one. */
@Entity('fetched_group')
export class FetchedGroupEntity {
  /** SHA-256 of vendor, symbols and dates. */
  @PrimaryColumn({ name: 'key', type: 'text' })
  key!: string;

  @Column({ name: 'symbols', type: 'jsonb' })
  symbols!: { symbol: string; dates: string[] }[];

  /** The bars of each of the symbols, in their order. */
  @Column({ name: 'bars', type: 'bytea', array: true })
  bars!: Buffer[];

  @Column({ name: 'actions', type: 'jsonb' })
  actions!: SymbolAction[];

  @Column({ name: 'report', type: 'jsonb' })
  report!: ImportReport;

  @Index('fetched_group_fetched_at')
  @Column({ name: 'fetched_at', type: 'timestamptz', precision: 3 })
  fetchedAt!: string;
}
