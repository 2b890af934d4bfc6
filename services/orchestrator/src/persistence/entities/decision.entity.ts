import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Action, SymbolDecision } from '../../domain/decisions.js';

/** What a cycle decided about a symbol; once, by its key. */
@Entity('decision')
export class DecisionEntity implements SymbolDecision {
  @PrimaryColumn({ name: 'cycle_id', type: 'uuid' })
  cycleId!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  @Column({ name: 'action', type: 'text' })
  action!: Action;

  @Column({ name: 'reason_codes', type: 'text', array: true })
  reasonCodes!: string[];

  @Column({ name: 'target_weight', type: 'numeric', nullable: true })
  targetWeight!: string | null;

  @Column({ name: 'held_quantity', type: 'numeric' })
  heldQuantity!: string;

  @Column({ name: 'planned_quantity', type: 'numeric', nullable: true })
  plannedQuantity!: string | null;

  @Column({ name: 'approved_quantity', type: 'numeric', nullable: true })
  approvedQuantity!: string | null;
}
