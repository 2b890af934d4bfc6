import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which sector a symbol belongs to, as its source says. */
@Entity('sector')
export class SectorEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'sector', type: 'text' })
  sector!: string;
}
