import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Market, ReferenceKind, ReferenceValue } from '../../domain/reference/fact.js';

/** What a source said of an instrument or a ticker, on two axes of time; see `domain/reference/fact.ts`. Rows are never edited. */
@Entity('reference_fact')
@Index('reference_fact_instrument', ['instrumentId'])
@Index('reference_fact_source', ['kind', 'source'])
export class ReferenceFactEntity {
  @PrimaryColumn({ name: 'kind', type: 'text' })
  kind!: ReferenceKind;

  @PrimaryColumn({ name: 'market', type: 'text' })
  market!: Market;

  @PrimaryColumn({ name: 'subject', type: 'text' })
  subject!: string;

  @PrimaryColumn({ name: 'scope', type: 'text' })
  scope!: string;

  @PrimaryColumn({ name: 'valid_from', type: 'date' })
  validFrom!: string;

  @PrimaryColumn({ name: 'known_from', type: 'date' })
  knownFrom!: string;

  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo!: string | null;

  /** Null takes back what was said to hold from `valid_from`. */
  @Column({ name: 'value', type: 'jsonb', nullable: true })
  value!: ReferenceValue | null;

  /** The instrument of a listing, so that its tickers are found; null for other kinds. */
  @Column({ name: 'instrument_id', type: 'text', nullable: true })
  instrumentId!: string | null;

  @Column({ name: 'import_id', type: 'uuid' })
  importId!: string;
}
