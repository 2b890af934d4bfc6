import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Head } from '../../domain/audit-chain.js';

/** The end of the audit chain, in one row; rows that are cut off at the end are missed by it. */
@Entity('audit_head')
export class AuditHeadEntity implements Head {
  @PrimaryColumn({ name: 'one', type: 'boolean' })
  one!: boolean;

  @Column({ name: 'sequence', type: 'bigint' })
  sequence!: number;

  @Column({ name: 'hash', type: 'text' })
  hash!: string;
}
