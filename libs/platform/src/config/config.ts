import { z } from 'zod';
import { Fault } from '../errors.js';
import { shownValue } from './secret.js';
import { shownDefault, type VariableMeta } from './variables.js';

/** One thing wrong with the environment. */
export interface VariableFault {
  /** The variable's name; several where a rule looks at more than one. */
  readonly variable: string;
  /** What it was: `missing`, or its text with secrets masked. */
  readonly found: string;
  readonly expected: string;
  readonly nextStep: string;
}

/** The environment does not fit: names everything that is wrong at once, so that one restart is enough. */
export class ConfigFault extends Fault {
  constructor(
    readonly service: string,
    readonly faults: readonly VariableFault[],
  ) {
    const lines = faults.map(
      ({ variable, found, expected, nextStep }) => `  ${variable}: found ${found}, expected ${expected}. ${nextStep}`,
    );
    const count = faults.length === 1 ? 'one setting is' : `${faults.length} settings are`;
    super('CONFIG_INVALID', `${service} cannot start: ${count} wrong in the environment.\n${lines.join('\n')}`);
  }
}

/** One row of a README's table of settings. */
export interface VariableRow {
  readonly name: string;
  /** The kind of value and its bounds in words. */
  readonly type: string;
  /** The unit, read from the name; empty where it has none. */
  readonly unit: string;
  /** `required`, `optional`, or the default as text. */
  readonly default: string;
  readonly description: string;
}

interface Variable extends VariableMeta {
  readonly optional: boolean;
  readonly default?: string;
}

const WRAPPERS = new Set(['default', 'prefault', 'optional', 'nullable', 'readonly', 'nonoptional', 'catch']);

/** Reads a field's metadata through the wrappers around it; the outer word wins. */
function describe(field: z.core.$ZodType): Variable {
  let meta: VariableMeta = {};
  let fallback: { value: unknown } | undefined;
  let optional = false;
  let current = field;
  for (;;) {
    meta = { ...(z.globalRegistry.get(current) as VariableMeta | undefined), ...meta };
    const def = (current as z.core.$ZodTypes)._zod.def;
    if ((def.type === 'default' || def.type === 'prefault') && fallback === undefined)
      fallback = { value: def.defaultValue };
    if (def.type === 'optional') optional = true;
    if (!WRAPPERS.has(def.type) || !('innerType' in def)) break;
    current = def.innerType;
  }
  return {
    expects: expectationOf(current),
    ...meta,
    optional,
    ...(fallback === undefined ? {} : { default: shownDefault(fallback.value, meta.secret ?? false) }),
  };
}

/** What a plain zod schema expects, in words. */
function expectationOf(schema: z.core.$ZodType): string {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'enum') return `one of ${Object.values(def.entries).join(', ')}`;
  if (def.type === 'literal') return def.values.map(String).join(' or ');
  return def.type === 'string' ? 'a text' : `a value of type ${def.type}`;
}

/**
 * Reads a service's settings from the environment.
 * @param schema one field a variable, named as the variable; see `integer`, `flag`, `decimalText`, `instant`, `url`, `secret`.
 * @param env the environment; variables that the schema does not name are not looked at.
 * @param service the service's name, for the message.
 * @returns the parsed settings, frozen.
 * @throws ConfigFault that lists every fault at once. An empty value is a fault, not a missing one: it never becomes a default.
 */
export function loadConfig<S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
  service: string,
): Readonly<z.infer<S>> {
  const names = Object.keys(schema.shape);
  const given = Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
  const empty = names.filter((name) => given[name] === '');
  const parsed = schema.safeParse(given);
  const faults = empty.map((name) => faultOf(name, '', schema, ''));
  if (!parsed.success) {
    const seen = new Set(empty);
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? '');
      if (name === '') faults.push(ruleFault(issue.message));
      else if (!seen.has(name)) faults.push(faultOf(name, given[name], schema, issue.message));
      seen.add(name);
    }
  }
  if (faults.length > 0 || !parsed.success) throw new ConfigFault(service, faults);
  return Object.freeze(parsed.data);
}

/**
 * `own` is what the schema says of a value that is there; it counts where no field or helper says what is expected. Of one
 * that is missing it only says that it is missing: there the field's description tells what the text is for.
 */
function faultOf(name: string, value: string | undefined, schema: z.ZodObject, own: string): VariableFault {
  const field = schema.shape[name];
  const variable: Variable = field === undefined ? { optional: false } : describe(field);
  const plain = variable.expects === undefined || variable.expects === 'a text';
  const wanted = plain ? (value !== undefined && own) || 'a text' : variable.expects!;
  const purpose = plain && value === undefined ? variable.description?.replace(/\.$/, '') : undefined;
  const expected = purpose === undefined ? wanted : `${wanted} (${purpose})`;
  const removal = variable.optional ? ', or remove it' : '';
  const wayOut = variable.default === undefined ? removal : `, or remove it to use ${variable.default}`;
  const found =
    value === undefined
      ? 'nothing'
      : value === ''
        ? 'an empty value'
        : shownValue(name, value, variable.secret ?? false);
  return { variable: name, found, expected, nextStep: `Set ${name} to ${wanted}${wayOut}.` };
}

const ruleFault = (message: string): VariableFault => ({
  variable: 'the settings together',
  found: 'values that do not fit each other',
  expected: message,
  nextStep: 'Change one of the settings that this rule names.',
});

/** Units that end a variable's name (or stand before MIN or MAX), and how a table writes them. */
const UNITS: Readonly<Record<string, string>> = {
  MS: 'ms',
  SECONDS: 's',
  MINUTES: 'min',
  HOURS: 'h',
  DAYS: 'days',
  SESSIONS: 'sessions',
  BYTES: 'bytes',
  KIB: 'KiB',
  MIB: 'MiB',
  USD: 'USD',
  SHARES: 'shares',
  BP: 'bp',
  PCT: '%',
  PERCENT: '%',
  RATIO: 'ratio',
};

const unitOf = (name: string): string => {
  const words = name.replace(/_(MIN|MAX)$/, '').split('_');
  return UNITS[words.at(-1) ?? ''] ?? '';
};

/** The rows of a README's table of settings, in the schema's order; defaults of secrets are masked. */
export function describeConfig(schema: z.ZodObject): readonly VariableRow[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const variable = describe(field);
    return {
      name,
      type: variable.expects ?? 'a text',
      unit: unitOf(name),
      default: variable.default ?? (variable.optional ? 'optional' : 'required'),
      description: variable.description ?? '',
    };
  });
}
