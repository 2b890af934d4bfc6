import type { Instant } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last word about the halt of an account. */
@Entity('halt')
export class HaltEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'raised', type: 'boolean' })
  raised!: boolean;

  @Column({ name: 'epoch', type: 'integer' })
  epoch!: number;

  @Column({ name: 'by', type: 'text' })
  by!: string;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: Instant;
}
