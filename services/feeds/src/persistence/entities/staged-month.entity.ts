import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A month as an import will leave it; it stands here until all of the import was read and found good. */
@Entity('staged_month')
export class StagedMonthEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @PrimaryColumn({ name: 'month', type: 'date' })
  month!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'days', type: 'integer' })
  days!: number;

  @Column({ name: 'bars', type: 'bytea' })
  bars!: Buffer;
}
