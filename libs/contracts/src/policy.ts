import { z } from 'zod';
import { event, type EventOf } from './define.js';
import { Instant, Sha256, Slug } from './values.js';

/** What a policy text seems to say; optional in a cycle, and may only narrow what it does. */
export const OpinionRecorded = event(
  'policy.opinion.recorded',
  1,
  'sourceId',
  z.object({
    sourceId: Slug,
    textId: Sha256,
    stance: z.enum(['hawkish', 'dovish', 'neutral']),
    /** (hawkish − dovish) / (hawkish + dovish) over sentences, −1 to 1; null where no sentence takes a side. */
    index: z.number().min(-1).max(1).nullable(),
    sentences: z.object({ hawkish: z.int(), dovish: z.int(), neutral: z.int() }),
    method: z.literal('dictionary'),
    publishedAt: Instant,
  }),
);
export type OpinionRecorded = EventOf<typeof OpinionRecorded>;
