import { applyDecorators, type INestApplication } from '@nestjs/common';
import { ApiBody, ApiResponse, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PUBLIC_EXTENSION } from './bearer.guard.js';

type Schema = Record<string, unknown>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** A zod schema as OpenAPI 3.0 has it; named parts stay under `definitions` until the document is built. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Schema =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as Schema;

/** Documents a handler's JSON body by its zod schema; {@link zodPipe} validates with the same. */
export const AcceptsBody = (schema: z.ZodType, description = ''): MethodDecorator =>
  ApiBody({ schema: schemaOf(schema, 'input'), description, required: true });

/** Documents an answer of a handler: its status and what its body looks like. */
export const Answers = (status: number, schema: z.ZodType, description: string): MethodDecorator =>
  applyDecorators(ApiResponse({ status, description, schema: schemaOf(schema, 'output') }));

const PROBLEM: Schema = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'nextStep'],
  properties: {
    type: { type: 'string', example: 'urn:ballast:problem:INVALID_REQUEST' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The id of the request; the log has it too.' },
    code: { type: 'string', example: 'INVALID_REQUEST' },
    nextStep: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message', 'code'],
        properties: {
          field: { type: 'string' },
          pointer: { type: 'string' },
          message: { type: 'string' },
          code: { type: 'string' },
        },
      },
    },
  },
};

const PROBLEM_ANSWER = {
  description: 'A problem: what was wrong, where, and what to do next.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/**
 * Moves every list of `definitions` to the document's components and points the references
 * there. Below `properties` (`named`) the names are a caller's fields and not JSON Schema's words.
 */
function hoist(node: unknown, components: Schema, named = false): unknown {
  if (Array.isArray(node)) return node.map((item) => hoist(item, components));
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node as Schema).filter(([key]) => named || key !== 'definitions');
  const definitions = named ? {} : ((node as Schema)['definitions'] ?? {});
  for (const [name, schema] of Object.entries(definitions)) components[name] ??= hoist(schema, components);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string')
        return [key, value.replace('#/definitions/', '#/components/schemas/')];
      return [key, hoist(value, components, !named && key === 'properties')];
    }),
  );
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'options', 'head'];

/**
 * The OpenAPI 3.0 document of an application's controllers: bodies and answers by their
 * zod schemas, problem+json as the default answer, the bearer token on whatever is not public.
 */
export function buildOpenApi(app: INestApplication, info: { title: string; version: string }): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle(info.title).setVersion(info.version).addBearerAuth();
  const plain = SwaggerModule.createDocument(app, builder.addSecurityRequirements('bearer').build());
  const schemas: Schema = { Problem: PROBLEM };
  const document = hoist(plain, schemas) as OpenAPIObject;
  for (const item of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Schema>)) {
      if (!METHODS.includes(method)) continue;
      operation['responses'] = { default: PROBLEM_ANSWER, ...(operation['responses'] as Schema) };
      if (operation[PUBLIC_EXTENSION] !== true) continue;
      operation['security'] = [];
      Reflect.deleteProperty(operation, PUBLIC_EXTENSION);
    }
  }
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } as Schemas };
  return document;
}

/**
 * Serves the application's document at `GET /openapi.json`, without a token. Call it
 * after the application was created and before it listens.
 */
export function serveOpenApi(app: INestApplication, info: { title: string; version: string }): OpenAPIObject {
  const document = buildOpenApi(app, info);
  const text = JSON.stringify(document);
  app.getHttpAdapter().get('/openapi.json', (_request: unknown, reply: FastifyReply) => {
    void reply.header('content-type', 'application/json; charset=utf-8').send(text);
  });
  return document;
}
