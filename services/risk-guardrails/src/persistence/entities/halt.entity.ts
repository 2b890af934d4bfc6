import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest halt that was heard of an account, raised or lifted. */
@Entity('halt')
export class HaltEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'epoch', type: 'integer' })
  epoch!: number;

  @Column({ name: 'halted', type: 'boolean' })
  halted!: boolean;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: string;
}
