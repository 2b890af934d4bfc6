import type { Instant } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that a service could not handle, as it said so; whether it was resolved since is known there. */
@Entity('parked_message')
export class ParkedMessageEntity {
  @PrimaryColumn({ name: 'consumer', type: 'text' })
  consumer!: string;

  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;

  @Column({ name: 'code', type: 'text' })
  code!: string;

  @Column({ name: 'type', type: 'text' })
  type!: string;

  @Column({ name: 'key', type: 'text' })
  key!: string;

  @Column({ name: 'error', type: 'text' })
  error!: string;

  @Column({ name: 'parked_at', type: 'timestamptz', precision: 3 })
  parkedAt!: Instant;
}
