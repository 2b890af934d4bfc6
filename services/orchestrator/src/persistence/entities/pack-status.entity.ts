import type { DataOf, Instant, PackAssessed } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

type Assessed = DataOf<typeof PackAssessed>;

/** What feeds said last of the prices that cycles would be given; there is one row at most. */
@Entity('pack_status')
export class PackStatusEntity {
  @PrimaryColumn({ name: 'pack', type: 'text' })
  pack!: Assessed['pack'];

  @Column({ name: 'status', type: 'text' })
  status!: Assessed['status'];

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'ready_at', type: 'timestamptz', precision: 3, nullable: true })
  readyAt!: Instant | null;

  @Column({ name: 'assessed_at', type: 'timestamptz', precision: 3 })
  assessedAt!: Instant;
}
