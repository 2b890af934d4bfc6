import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The daily bars of a symbol in a month; see `domain/bar-month.ts` for what the columns hold. A row a bar would be
 * twenty times as many rows, and neither an import nor a pack for ten thousand symbols could be made within seconds.
 */
@Entity('bar_month')
export class BarMonthEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  /** The first day of the month. */
  @PrimaryColumn({ name: 'month', type: 'date' })
  month!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  /** Which days have a bar; bit 0 is the first of the month. */
  @Column({ name: 'days', type: 'integer' })
  days!: number;

  /** Open, high, low, close, volume of each of these days as little-endian float64; NaN = unknown volume. */
  @Column({ name: 'bars', type: 'bytea' })
  bars!: Buffer;
}
