import { basename } from 'node:path';
import { Fault, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TEXT_FILES, type TextFiles } from '../adapters/ports.js';
import { ImportRefused } from '../domain/import-refused.js';
import { addFacts, type FaultyRow, type IncomingFact } from '../domain/reference/add-facts.js';
import { FactsReader, ROWS_MAX, type ReadFacts } from '../domain/reference/read-facts.js';
import { readMapFile } from '../domain/reference/read-map-file.js';
import { ImportReference, type ReferenceAnswer, type ReferenceRequest } from '../messages-reference.js';
import { clearStagedFacts, loadFacts, stageFacts } from '../persistence/reference-queries.js';
import { VendorReference, type FetchedReference } from './vendor-reference.js';

/** Faulty rows that an answer shows. */
const SHOWN_MAX = 10;
/** Files of one folder; all tickers that the US ever listed are fewer. */
const FILES_MAX = 50_000;
/** Text of one map file in characters: renames, not prices. */
const MAP_FILE_LENGTH_MAX = 64 * 1024;

interface LocatedFault extends FaultyRow {
  readonly file: string | null;
}

/** The rows of a file, or of all files of a folder numbered on, so that each is told apart. */
interface ReadInput extends Omit<ReadFacts, 'faults'>, Pick<FetchedReference, 'untold'> {
  readonly faults: readonly LocatedFault[];
  readonly located: (row: number) => { readonly file: string | null; readonly row: number };
}

/** Reads or fetches reference facts, compares them with what is known, and stages what is new; what is known is not touched here. */
@Injectable()
export class RunImportReference implements Runner<ReferenceRequest, ReferenceAnswer> {
  readonly work = ImportReference;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(TEXT_FILES) private readonly files: TextFiles,
    @Inject(VendorReference) private readonly vendors: VendorReference,
  ) {}

  async run({ request }: Work<ReferenceRequest>): Promise<ReferenceAnswer> {
    try {
      // An earlier try may have ended in the middle.
      await clearStagedFacts(this.dataSource.manager, request.importId);
      return await this.#stage(request);
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error;
      const { code, message: reason, nextStep } = error;
      return { kind: 'refused', code, reason, nextStep, refused: 0, firstRefused: [] };
    }
  }

  async #stage(request: ReferenceRequest): Promise<ReferenceAnswer> {
    const { manager } = this.dataSource;
    const { importId, kind, market } = request;
    const input = await this.#read(request);
    if (input.faults.length > 0) return refusal(input.faults, request);
    const subjects = [...new Set(input.facts.map(({ fact }) => fact.subject))];
    const known = await loadFacts(manager, { kind, market, subjects });
    const { added, unchanged, faults } = addFacts(known, input.facts);
    if (faults.length > 0) {
      const located = faults.map((fault) => ({ ...fault, ...input.located(fault.row) }));
      return refusal(located, request);
    }
    await stageFacts(manager, importId, added);
    const { rows, duplicates, untold } = input;
    const missing = untold && { untold: { count: untold.count, first: [...untold.first] } };
    return { kind: 'staged', rows, added: added.length, unchanged, duplicates, ...missing };
  }

  async #read(request: ReferenceRequest): Promise<ReadInput> {
    const { path, vendor, format } = request;
    if (vendor !== null) {
      const fetched = await this.vendors.read({ ...request, vendor });
      return { ...fetched, faults: [], duplicates: 0, located: (row) => ({ file: null, row }) };
    }
    if (path === null) throw new Fault('INPUT_MISSING', `import ${request.importId} names neither a file nor a vendor`);
    return format === 'csv' ? this.#readCsv(path, request) : this.#readMapFiles(path, request);
  }

  async #readCsv(file: string, request: ReferenceRequest): Promise<ReadInput> {
    const reader = new FactsReader(request);
    for await (const { text } of this.files.read(file)) reader.read(text);
    const read = reader.end();
    const faults = read.faults.map((fault) => ({ ...fault, file: null }));
    return { ...read, faults, located: (row) => ({ file: null, row }) };
  }

  async #readMapFiles(folder: string, request: ReferenceRequest): Promise<ReadInput> {
    const paths = (await this.files.list(folder)) ?? [folder];
    if (paths.length === 0 || paths.length > FILES_MAX) {
      throw new ImportRefused(
        paths.length === 0 ? 'FOLDER_EMPTY' : 'TOO_MANY_FILES',
        `${folder} has ${paths.length} files that end in .csv`,
        `Give one map file, or a folder with 1 to ${FILES_MAX} of them.`,
      );
    }
    const facts: IncomingFact[] = [];
    const faults: LocatedFault[] = [];
    const places: { file: string; row: number }[] = [];
    let rows = 0;
    for (const path of paths) {
      const file = basename(path);
      const read = readMapFile(await this.#wholeText(path), request);
      rows += read.rows;
      if (rows > ROWS_MAX) {
        throw new ImportRefused('TOO_MANY_ROWS', `the files have more than ${ROWS_MAX} rows`, 'Import a part of them.');
      }
      faults.push(...read.faults.map((fault) => ({ ...fault, file })));
      for (const { row, fact } of read.facts) {
        facts.push({ row: places.length, fact });
        places.push({ file, row });
      }
    }
    return { facts, faults, rows, duplicates: 0, located: (row) => places[row]! };
  }

  async #wholeText(path: string): Promise<string> {
    let whole = '';
    for await (const { text } of this.files.read(path)) {
      whole += text;
      if (whole.length <= MAP_FILE_LENGTH_MAX) continue;
      throw new ImportRefused(
        'FILE_TOO_LARGE',
        `${path} has more than ${MAP_FILE_LENGTH_MAX} characters`,
        'Give map files, which hold the tickers of one company each.',
      );
    }
    return whole;
  }
}

function refusal(faults: readonly LocatedFault[], { vendor }: ReferenceRequest): ReferenceAnswer {
  const [first] = faults;
  const where = `${first!.file === null ? '' : `${first!.file}, `}row ${first!.row}`;
  return {
    kind: 'refused',
    code: 'REFERENCE_INVALID',
    reason: `${faults.length} rows cannot be taken, the first is ${where}: ${first!.message} (${first!.code})`.slice(
      0,
      1_000,
    ),
    nextStep: faults.some(({ code }) => code === 'CONTRADICTION')
      ? vendor
        ? 'Collect again tomorrow: what a vendor says is known from the day on which it was fetched, and today something else is; nothing was taken.'
        : 'Where a row is the right one, say that it is known from a later day ("knownOn", or a column known_from); nothing was taken.'
      : 'Correct the rows and import the file again; nothing of it was taken.',
    refused: faults.length,
    firstRefused: faults.slice(0, SHOWN_MAX).map(({ file, row, code, message }) => ({ file, row, code, message })),
  };
}
