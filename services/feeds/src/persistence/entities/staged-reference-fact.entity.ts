import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Market, ReferenceKind, ReferenceValue } from '../../domain/reference/fact.js';

/** A reference fact as an import will add it; it stands here until all of the import was found good. */
@Entity('staged_reference_fact')
export class StagedReferenceFactEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @PrimaryColumn({ name: 'kind', type: 'text' })
  kind!: ReferenceKind;

  @PrimaryColumn({ name: 'market', type: 'text' })
  market!: Market;

  @PrimaryColumn({ name: 'subject', type: 'text' })
  subject!: string;

  @PrimaryColumn({ name: 'scope', type: 'text' })
  scope!: string;

  @PrimaryColumn({ name: 'valid_from', type: 'date' })
  validFrom!: string;

  @PrimaryColumn({ name: 'known_from', type: 'date' })
  knownFrom!: string;

  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo!: string | null;

  /** Null takes back what was said to hold from `valid_from`. */
  @Column({ name: 'value', type: 'jsonb', nullable: true })
  value!: ReferenceValue | null;
}
