import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ActionType } from '../../domain/actions.js';

/** A corporate action as an import tells it. */
@Entity('staged_action')
export class StagedActionEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @PrimaryColumn({ name: 'date', type: 'date' })
  date!: string;

  @PrimaryColumn({ name: 'type', type: 'text' })
  type!: ActionType;

  @Column({ name: 'terms', type: 'text', array: true })
  terms!: string[];
}
