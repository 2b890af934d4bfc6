import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PartName } from '../parts.js';

/** What the decisions of a cycle follow from, kept from when it is heard until they are written. */
@Entity('cycle_part')
export class CyclePartEntity {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @PrimaryColumn({ name: 'part', type: 'text' })
  part!: PartName;

  @Column({ name: 'data', type: 'jsonb' })
  data!: unknown;
}
