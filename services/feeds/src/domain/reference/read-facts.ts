import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { columnsOf, CsvReader, type CsvRecord } from '../csv.js';
import { ImportRefused } from '../import-refused.js';
import type { FaultyRow, IncomingFact } from './add-facts.js';
import { AS_IT_HAPPENED, COMMON_COLUMNS, KIND_RULES, NSE_INDUSTRY, withDefaults } from './columns.js';
import type { ColumnRule, KindRule } from './columns.js';
import type { Market, ReferenceFact, ReferenceKind, ReferenceValue } from './fact.js';

/** What a request says of all rows of a file. */
export interface FileTerms {
  readonly kind: ReferenceKind;
  readonly market: Market;
  readonly source: string;
  /** The day from which rows are known that do not say it; {@link AS_IT_HAPPENED}: from the day they begin to hold. */
  readonly knownOn: SessionDate | typeof AS_IT_HAPPENED;
  /** The first day of rows that do not say it. */
  readonly validFrom: SessionDate | null;
  /** The scheme of sectors or the name of the index, of files without such a column. */
  readonly scope: string | null;
}

/** What a file came to. */
export interface ReadFacts {
  readonly facts: readonly IncomingFact[];
  readonly rows: number;
  /** Rows that say word for word what an earlier one says. */
  readonly duplicates: number;
  readonly faults: readonly FaultyRow[];
}

/** Rows of one file: they are compared in memory. Earnings of ten thousand names over twenty years fit. */
export const ROWS_MAX = 1_000_000;

type Name = keyof typeof COMMON_COLUMNS | 'subject' | 'scope' | 'day' | `value.${string}`;
type Columns = ReadonlyMap<Name, { readonly at: number; readonly rule: ColumnRule }>;

/** Reads reference facts of one kind from the pieces of a CSV file. */
export class FactsReader {
  readonly #csv = new CsvReader();
  readonly #rule: KindRule;
  readonly #facts: IncomingFact[] = [];
  readonly #faults: FaultyRow[] = [];
  readonly #seen = new Set<string>();
  #columns: Columns | undefined;
  #width = 0;
  #rows = 0;
  #duplicates = 0;

  constructor(private readonly terms: FileTerms) {
    this.#rule = terms.kind === 'sector' && terms.scope === 'nse-industry' ? NSE_INDUSTRY : KIND_RULES[terms.kind];
  }

  /** Takes the next piece. @throws ImportRefused where format or header are not as they must be, or rows are too many. */
  read(piece: string): void {
    for (const record of this.#csv.read(piece)) this.#take(record);
  }

  /** Takes what is left. @throws ImportRefused FILE_EMPTY where there is no row. */
  end(): ReadFacts {
    for (const record of this.#csv.end()) this.#take(record);
    if (this.#rows === 0) {
      throw new ImportRefused('FILE_EMPTY', 'the file has no rows', 'Give a CSV file with a header and rows below it.');
    }
    return { facts: this.#facts, rows: this.#rows, duplicates: this.#duplicates, faults: this.#faults };
  }

  #take({ line, fields }: CsvRecord): void {
    if (!this.#columns) {
      this.#columns = locate(fields, this.#rule, this.terms);
      this.#width = fields.length;
      return;
    }
    this.#rows += 1;
    if (this.#rows > ROWS_MAX) {
      throw new ImportRefused('TOO_MANY_ROWS', `the file has more than ${ROWS_MAX} rows`, 'Cut it into smaller files.');
    }
    if (fields.length !== this.#width) {
      const message = `the row has ${fields.length} fields, the header ${this.#width}`;
      this.#faults.push({ row: line, code: 'FIELD_COUNT', message });
      return;
    }
    const text = fields.join('\u0000');
    if (this.#seen.has(text)) {
      this.#duplicates += 1;
      return;
    }
    this.#seen.add(text);
    const read = factOf(fields, this.#columns, this.terms);
    if ('code' in read) this.#faults.push({ row: line, ...read });
    else for (const fact of read.facts) this.#facts.push({ row: line, fact });
  }
}

/** Finds the columns of a kind in a header. */
function locate(header: readonly string[], rule: KindRule, terms: FileTerms): Columns {
  const wanted: [Name, ColumnRule][] = [
    ['subject', rule.subject],
    ...(rule.scope ? [['scope', { ...rule.scope, required: terms.scope === null }] as [Name, ColumnRule]] : []),
    ...(rule.day ? [['day', rule.day] as [Name, ColumnRule]] : []),
    ...Object.entries(rule.value).map(([name, each]): [Name, ColumnRule] => [`value.${name}`, each]),
    ...(Object.entries(COMMON_COLUMNS) as [Name, ColumnRule][]).filter(
      ([name]) => !(rule.day && (name === 'validFrom' || name === 'validTo')),
    ),
  ];
  const names = header.map((name) => name.trim().toLowerCase());
  const chosen = wanted.flatMap(([name, each]) => {
    const found = each.names.find((alias) => names.includes(alias));
    return found !== undefined || each.required ? [{ name, rule: each, column: found ?? each.names[0] }] : [];
  });
  const at = columnsOf(
    header,
    chosen.map(({ column }) => column),
  );
  return new Map(chosen.map(({ name, rule: each, column }) => [name, { at: at[column]!, rule: each }]));
}

type RowFault = Omit<FaultyRow, 'row'>;

function factOf(fields: readonly string[], columns: Columns, terms: FileTerms): { facts: ReferenceFact[] } | RowFault {
  const cells = new Map<Name, string | null>();
  for (const [name, { at, rule }] of columns) {
    const text = fields[at]!.trim();
    const cell = text === '' ? null : (rule.parse?.(text) ?? (rule.parse ? undefined : text));
    if (cell === undefined || (cell === null && rule.required)) {
      const found = text === '' ? 'is empty' : `is "${text.slice(0, 60)}"`;
      const message = `${rule.names[0]} ${found}, expected ${rule.expects ?? 'a text'}`;
      return { code: text === '' ? 'MISSING_VALUE' : 'INVALID_VALUE', message };
    }
    cells.set(name, cell);
  }
  return build((name) => cells.get(name) ?? null, columns, terms);
}

function build(
  cell: (name: Name) => string | null,
  columns: Columns,
  terms: FileTerms,
): { facts: ReferenceFact[] } | RowFault {
  const { kind, market, source } = terms;
  const day = cell('day');
  const validFrom = day ?? cell('validFrom') ?? terms.validFrom;
  if (validFrom === null) return { code: 'MISSING_VALUE', message: 'valid_from is empty and the request says none' };
  const validTo = day === null ? cell('validTo') : addDays(day, 1);
  if (validTo !== null && validTo <= validFrom) {
    return { code: 'ENDS_BEFORE_IT_BEGINS', message: `valid_to ${validTo} is not after valid_from ${validFrom}` };
  }
  const retracted = cell('retracted') === 'true' || cell('retracted') === '1';
  const members = [...columns.keys()].filter((name) => name.startsWith('value.'));
  const said: ReferenceValue = Object.fromEntries(members.map((name) => [name.slice('value.'.length), cell(name)]));
  const value = retracted ? null : withDefaults(kind, kind === 'earnings' ? { time: null, ...said } : said);
  const scope = cell('scope') ?? terms.scope ?? '';
  const fact = { kind, market, subject: cell('subject')!, scope, validFrom, validTo, value, source };
  const stated = cell('knownFrom') ?? (terms.knownOn === AS_IT_HAPPENED ? null : terms.knownOn);
  return { facts: stated === null ? asItHappened(fact) : [{ ...fact, knownFrom: stated }] };
}

/**
 * A fact as those who lived then got to know it: that it holds on its first day, and that it ended on the day of its end. A
 * file that tells both at once must not tell the end to anybody who asks as of a day between.
 */
export function asItHappened(fact: Omit<ReferenceFact, 'knownFrom'>): ReferenceFact[] {
  const { validFrom, validTo } = fact;
  const begins = { ...fact, validTo: null, knownFrom: validFrom };
  // An event of one day is announced with its day.
  if (validTo === null || validTo === addDays(validFrom, 1)) return [{ ...fact, knownFrom: validFrom }];
  return [begins, { ...fact, knownFrom: validTo }];
}
