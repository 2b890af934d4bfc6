import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { Problem, type FieldError } from './problem.js';

type Path = readonly PropertyKey[];

/** What JSON calls the type of a value; never the value itself, which may be a secret. */
const typeName = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
};

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, step) => (Object(value) as Record<PropertyKey, unknown>)[step], root);

const fieldName = (path: Path, whole: string): string =>
  path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    return name === '' ? String(step) : `${name}.${String(step)}`;
  }, '') || whole;

const pointerOf = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Paths of fields that an object schema does not name. Zod drops them in silence; a caller's misspelling must not pass. */
function unknownFields(schema: z.core.$ZodType, value: unknown, path: Path = []): Path[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'pipe') return unknownFields(def.in, value, path);
  if (def.type === 'lazy') return unknownFields(def.getter(), value, path);
  if ('innerType' in def && def.innerType !== undefined) return unknownFields(def.innerType, value, path);
  if (value === null || typeof value !== 'object') return [];
  if (def.type === 'array') {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, index) => unknownFields(def.element, item, [...path, index]));
  }
  if (def.type === 'record') {
    return Object.entries(value).flatMap(([name, item]) => unknownFields(def.valueType, item, [...path, name]));
  }
  if (def.type === 'intersection') {
    const right = unknownFields(def.right, value, path).map((found) => pointerOf(found));
    return unknownFields(def.left, value, path).filter((found) => right.includes(pointerOf(found)));
  }
  if (def.type === 'union') {
    const option = def.options.find((candidate) => (candidate as z.ZodType).safeParse(value).success);
    return option === undefined ? [] : unknownFields(option, value, path);
  }
  if (def.type !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const field = Object.hasOwn(def.shape, name) ? def.shape[name] : def.catchall;
    return field === undefined ? [[...path, name]] : unknownFields(field, item, [...path, name]);
  });
}

/** Fields that are wrong, by what zod says of them. */
function fieldErrors(issues: readonly z.core.$ZodIssue[], value: unknown, whole: string): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownField([...issue.path, key], whole));
    }
    const found = valueAt(value, issue.path);
    const message =
      found === undefined ? `is required (${issue.message})` : `${issue.message}; received ${typeName(found)}`;
    const code = found === undefined ? 'REQUIRED' : issue.code.toUpperCase();
    return [{ field: fieldName(issue.path, whole), pointer: pointerOf(issue.path), message, code }];
  });
}

const unknownField = (path: Path, whole: string): FieldError => ({
  field: fieldName(path, whole),
  pointer: pointerOf(path),
  message: 'is not a field of this request',
  code: 'UNKNOWN_FIELD',
});

/**
 * Validates a body, query or path parameters against a zod schema and hands on what
 * it parses to. Fields that the schema does not name are refused at every depth.
 * @throws Problem 400 INVALID_REQUEST that names every faulty field.
 */
export function zodPipe<S extends z.ZodType>(schema: S): PipeTransform<unknown, z.output<S>> {
  return {
    transform(value: unknown, metadata: ArgumentMetadata): z.output<S> {
      const whole = metadata.type === 'param' ? (metadata.data ?? 'path') : metadata.type;
      const parsed = schema.safeParse(value);
      const wrong = parsed.success ? [] : fieldErrors(parsed.error.issues, value, whole);
      const unknown = unknownFields(schema, value);
      const errors = [...wrong, ...unknown.map((path) => unknownField(path, whole))];
      if (parsed.success && errors.length === 0) return parsed.data;
      throw invalidRequest(errors);
    },
  };
}

const invalidRequest = (errors: readonly FieldError[]): Problem =>
  new Problem({
    status: 400,
    code: 'INVALID_REQUEST',
    title: 'The request has faulty fields',
    detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
    nextStep: 'Correct the fields under "errors" and send the request again; GET /openapi.json shows its shape.',
    errors,
  });
