import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The days of a symbol's month that an import restated, with what was known before and what it said; see `domain/restatement.ts`. */
@Entity('restated_month')
export class RestatedMonthEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @PrimaryColumn({ name: 'month', type: 'date' })
  month!: string;

  /** The restated days; bit 0 is the first of the month. */
  @Column({ name: 'days', type: 'integer' })
  days!: number;

  /** The bars of these days as they were known, and as the import has them; laid out as in `bar_month`. */
  @Column({ name: 'before', type: 'bytea' })
  before!: Buffer;

  @Column({ name: 'after', type: 'bytea' })
  after!: Buffer;
}
