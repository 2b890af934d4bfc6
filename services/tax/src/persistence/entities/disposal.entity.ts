import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Piece } from '../../domain/lots.js';

/** What one sale relieved, as it stands with every fill heard so far. */
@Entity('disposal')
@Index('disposal_symbol', ['account', 'symbol'])
export class DisposalEntity {
  @PrimaryColumn({ name: 'venue', type: 'text' })
  venue!: string;

  @PrimaryColumn({ name: 'execution_id', type: 'text' })
  executionId!: string;

  @Column({ name: 'account', type: 'text' })
  account!: string;

  @Column({ name: 'symbol', type: 'text' })
  symbol!: string;

  /** One piece a lot, in the order in which the lots were relieved. */
  @Column({ name: 'pieces', type: 'jsonb' })
  pieces!: Piece[];
}
