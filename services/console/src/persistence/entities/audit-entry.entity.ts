import type { AuditData } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Link } from '../../domain/audit-chain.js';

/** A link of the audit chain; what each field means stands at {@link Link}. */
@Entity('audit_entry')
@Unique('audit_entry_audit_id', ['auditId'])
@Index('audit_entry_cycle', ['cycleId', 'sequence'])
@Index('audit_entry_service', ['service', 'sequence'])
export class AuditEntryEntity implements Link {
  @PrimaryColumn({ name: 'sequence', type: 'bigint' })
  sequence!: number;

  @Column({ name: 'audit_id', type: 'uuid' })
  auditId!: string;

  @Column({ name: 'previous_hash', type: 'text' })
  previousHash!: string;

  @Column({ name: 'hash', type: 'text' })
  hash!: string;

  @Column({ name: 'service', type: 'text' })
  service!: string;

  @Column({ name: 'cycle_id', type: 'uuid', nullable: true })
  cycleId!: string | null;

  /** As it was heard; `json` and not `jsonb`, so that it stays as it was written. */
  @Column({ name: 'entry', type: 'json' })
  entry!: AuditData;
}
