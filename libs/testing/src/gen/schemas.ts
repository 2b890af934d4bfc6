import { EnvelopeSchema, type EventType } from '@ballast/contracts';
import { z } from 'zod';
import type { Json } from './json.js';

const SCHEMAS = 'libs/contracts/schemas';

/** Where the schema of a type is kept, relative to the repository. */
export const schemaPath = (type: string): string => `${SCHEMAS}/${type}.json`;

/**
 * The JSON Schema (2020-12) of an event type's data. It is the reader's side: fields
 * that it does not name are let pass, because a version may gain optional fields.
 */
export function jsonSchemaOf(type: EventType, description: string): Json {
  const { $schema, ...rest } = z.toJSONSchema(type.schema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: `urn:ballast:event:${type.type}`, title: type.type, ...described(description), ...rest };
}

/** The JSON Schema of the envelope that every event travels in. */
export function envelopeJsonSchema(): Json {
  const { $schema, ...rest } = z.toJSONSchema(EnvelopeSchema, { target: 'draft-2020-12', io: 'input' });
  const description =
    'CloudEvents 1.0 in JSON with the extensions correlationid (the cycle, or whatever began the chain), causationid ' +
    '(the message that made the service say this) and keyseq (1, 2, 3 … per noun and key).';
  return { $schema, $id: 'urn:ballast:envelope', title: 'envelope', description, ...rest };
}

const described = (description: string): Json => (description === '' ? {} : { description });
