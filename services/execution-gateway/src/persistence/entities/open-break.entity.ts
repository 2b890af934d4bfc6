import type { Break } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A difference to the venue that the last look found. */
@Entity('open_break')
export class OpenBreakEntity {
  @PrimaryColumn({ name: 'account', type: 'text' })
  account!: string;

  @PrimaryColumn({ name: 'kind', type: 'text' })
  kind!: Break['kind'];

  @PrimaryColumn({ name: 'subject', type: 'text' })
  subject!: string;

  @Column({ name: 'symbol', type: 'text', nullable: true })
  symbol!: string | null;

  @Column({ name: 'ours', type: 'text', nullable: true })
  ours!: string | null;

  @Column({ name: 'venue', type: 'text', nullable: true })
  venue!: string | null;

  @Column({ name: 'found_at', type: 'timestamptz', precision: 3 })
  foundAt!: string;

  /** Who lifted the halt that followed from it; by this very amount it halts no more. */
  @Column({ name: 'accepted_by', type: 'text', nullable: true })
  acceptedBy!: string | null;

  @Column({ name: 'accepted_at', type: 'timestamptz', precision: 3, nullable: true })
  acceptedAt!: string | null;
}
