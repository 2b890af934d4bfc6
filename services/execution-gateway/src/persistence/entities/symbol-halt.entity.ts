import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SymbolHalt } from '../../domain/halt.js';

/** Whether orders of an account in a symbol may leave. Changed and read under the lock of the account's halt row. */
@Entity('symbol_halt')
export class SymbolHaltEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'halted', type: 'boolean' })
  halted!: boolean;

  @Column({ name: 'epoch', type: 'integer' })
  epoch!: number;

  @Column({ name: 'by', type: 'text' })
  by!: string;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'door', type: 'text' })
  door!: SymbolHalt['door'];

  @Column({ name: 'at', type: 'timestamptz', precision: 3 })
  at!: string;
}
