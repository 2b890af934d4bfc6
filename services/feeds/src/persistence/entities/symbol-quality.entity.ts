import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a check of a source found of one symbol. */
@Entity('symbol_quality')
export class SymbolQualityEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  /** 0 to 1; a statistic and no money, so that a float holds it. */
  @Column({ name: 'score', type: 'float8' })
  score!: number;

  @Column({ name: 'rows', type: 'integer' })
  rows!: number;

  @Column({ name: 'missing_sessions', type: 'integer' })
  missingSessions!: number;

  /** How often each fault was found, by its code. */
  @Column({ name: 'findings', type: 'jsonb' })
  findings!: Record<string, number>;
}
