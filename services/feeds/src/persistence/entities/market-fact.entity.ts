import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { FactKind } from '../../domain/facts/market-fact.js';

/** Something that a source said of the world, with every telling of it that differed. */
@Entity('market_fact')
@Index('market_fact_key', ['source', 'kind', 'naturalKey', 'revision'], { unique: true })
@Index('market_fact_date', ['kind', 'date', 'factId'])
@Index('market_fact_symbol', ['kind', 'symbol', 'date', 'factId'])
export class MarketFactEntity {
  /** Follows from source, kind, key and revision. */
  @PrimaryColumn({ name: 'fact_id', type: 'uuid' })
  factId!: string;

  @Column({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'kind', type: 'text' })
  kind!: FactKind;

  /** What names it within source and kind; see `domain/facts/market-fact.ts`. */
  @Column({ name: 'natural_key', type: 'text' })
  naturalKey!: string;

  /** 1 the first time, one more whenever the source says something else. */
  @Column({ name: 'revision', type: 'integer' })
  revision!: number;

  @Column({ name: 'market', type: 'text' })
  market!: string;

  /** The listed name or the series; null where it is about none or several. */
  @Column({ name: 'symbol', type: 'text', nullable: true })
  symbol!: string | null;

  /** The day that it is about. */
  @Column({ name: 'date', type: 'date' })
  date!: string;

  @Column({ name: 'published_at', type: 'timestamptz', precision: 3, nullable: true })
  publishedAt!: string | null;

  /** When it was taken in: before that nobody here could know it. */
  @Column({ name: 'known_at', type: 'timestamptz', precision: 3 })
  knownAt!: string;

  @Column({ name: 'synthetic', type: 'boolean' })
  synthetic!: boolean;

  @Column({ name: 'content', type: 'jsonb' })
  content!: Readonly<Record<string, unknown>>;

  /** The members of the content that differ from the revision before. */
  @Column({ name: 'changed', type: 'jsonb' })
  changed!: readonly string[];
}
