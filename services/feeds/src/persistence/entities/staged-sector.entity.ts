import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sector as an import will leave it. */
@Entity('staged_sector')
export class StagedSectorEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'sector', type: 'text' })
  sector!: string;
}
