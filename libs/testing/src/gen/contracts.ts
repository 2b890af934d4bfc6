import { stringify } from 'yaml';
import { asyncApiOf, type Ears } from './asyncapi.js';
import { knownEvents, type KnownEvent } from './event-types.js';
import type { Json } from './json.js';
import { formatted, type Output } from './output.js';
import { samplePath, sampleOf } from './samples.js';
import { workspaceVersion } from './services.js';
import { envelopeJsonSchema, jsonSchemaOf, schemaPath } from './schemas.js';

/** Everything that is generated from the event types: schemas, golden examples, the AsyncAPI document. */
export async function contractOutputs(root: string, ears: readonly Ears[]): Promise<Output[]> {
  const events = knownEvents(root);
  const documents: { path: string; text: string; keep?: true }[] = [
    ...[...presentSchemas(events)].map(([path, schema]) => ({ path, text: JSON.stringify(schema, null, 2) })),
    ...events.map(({ type }) => ({
      path: samplePath(type.type),
      text: JSON.stringify(sampleOf(type), null, 2),
      keep: true as const,
    })),
    {
      path: 'libs/contracts/asyncapi.yaml',
      text: stringify(asyncApiOf(events, ears, workspaceVersion(root)), { lineWidth: 0, aliasDuplicateObjects: false }),
    },
  ];
  return Promise.all(
    documents.map(async ({ path, text, ...keep }) => ({ path, content: await formatted(root, path, text), ...keep })),
  );
}

/** The schemas of the event types as they are in the sources, by the path of their file. */
export function presentSchemas(events: readonly KnownEvent[]): Map<string, Json> {
  return new Map<string, Json>([
    [schemaPath('envelope'), envelopeJsonSchema()],
    ...events.map(({ type, description }) => [schemaPath(type.type), jsonSchemaOf(type, description)] as const),
  ]);
}
