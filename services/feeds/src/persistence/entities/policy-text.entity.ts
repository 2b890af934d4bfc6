import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A text that came in; its words travel in the fact and are kept by who reads them. */
@Entity('policy_text')
export class PolicyTextEntity {
  /** SHA-256 of source, title, body and date, so that the same text comes in once. */
  @PrimaryColumn({ name: 'text_id', type: 'text' })
  textId!: string;

  @Column({ name: 'source_id', type: 'text' })
  sourceId!: string;

  @Column({ name: 'title', type: 'text' })
  title!: string;

  @Column({ name: 'published_at', type: 'timestamptz', precision: 3 })
  publishedAt!: string;

  @Column({ name: 'received_at', type: 'timestamptz', precision: 3 })
  receivedAt!: string;
}
