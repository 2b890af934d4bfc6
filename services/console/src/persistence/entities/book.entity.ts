import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A book that orders can be asked for. */
@Entity('book')
export class BookEntity {
  @PrimaryColumn({ name: 'portfolio_id', type: 'text' })
  portfolioId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;
}
