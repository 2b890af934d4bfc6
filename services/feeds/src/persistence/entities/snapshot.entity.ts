import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SnapshotContent } from '../../domain/seal.js';

/** The prices that a cycle was given. */
@Entity('snapshot')
export class SnapshotEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  /** Names all that the snapshot was made from: the same inputs are not made into a pack twice. */
  @Index('snapshot_inputs_hash')
  @Column({ name: 'inputs_hash', type: 'text' })
  inputsHash!: string;

  @Column({ name: 'as_of', type: 'date' })
  asOf!: string;

  @Column({ name: 'pack_id', type: 'text' })
  packId!: string;

  @Column({ name: 'pricing_pack_id', type: 'text' })
  pricingPackId!: string;

  /** What the fact says besides the cycle and the time. */
  @Column({ name: 'content', type: 'jsonb' })
  content!: SnapshotContent;

  @Index('snapshot_sealed_at')
  @Column({ name: 'sealed_at', type: 'timestamptz', precision: 3 })
  sealedAt!: string;
}
