import type { HaltDoor } from '../../domain/halt.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whether orders of an account may leave. Read FOR SHARE in the transaction that sends. */
@Entity('halt')
export class HaltEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'halted', type: 'boolean' })
  halted!: boolean;

  @Column({ name: 'epoch', type: 'integer' })
  epoch!: number;

  @Column({ name: 'by', type: 'text' })
  by!: string;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'door', type: 'text' })
  door!: HaltDoor;

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: string;
}
