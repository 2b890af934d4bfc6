import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { CONFIG } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { FeedsConfig } from '../../config.js';
import { isOwnershipForm } from '../../domain/facts/insider-sec.js';
import { readJson } from '../../domain/facts/json-rows.js';
import { shapeChanged } from '../../domain/facts/parsed.js';
import { ImportRefused } from '../../domain/import-refused.js';
import type { Publisher } from '../http/publisher.js';
import type { FactRequest, FactSource } from '../ports.js';
import { Publishers } from '../publishers.js';

const WHAT = 'list of filings of EDGAR';
/** Without a date, what was filed in so many days until today is fetched. */
const LOOK_BACK_DAYS = 7;
/** Filings of one collection, a question each: at eight a second they take less than half of what a try may take. */
const FILINGS_MAX = 150;
/** Questions under way together; where one fails, no more than these are asked in vain. */
const AT_ONCE = 8;
const CIK_LENGTH = 10;

/** Columns of one list: row `i` is what stands at `i` in each. */
const Columns = z.object({
  accessionNumber: z.array(z.string().regex(/^\d{10}-\d{2}-\d{6}$/)),
  filingDate: z.array(z.iso.date()),
  acceptanceDateTime: z.array(z.string()),
  form: z.array(z.string()),
  primaryDocument: z.array(z.string()),
});
/** Filings that no longer fit the first list stand in files of their own. */
const OlderFile = z.object({ name: z.string().regex(/^[\w.-]+$/), filingFrom: z.iso.date(), filingTo: z.iso.date() });
const Submissions = z.object({ filings: z.object({ recent: Columns, files: z.array(OlderFile).max(1_000) }) });

interface Filing {
  readonly accession: string;
  readonly filedOn: SessionDate;
  readonly acceptedAt: string;
  readonly form: string;
  readonly document: string;
}

/**
 * EDGAR of the SEC: what insiders of a company, or a person, have filed on forms 3, 4 and 5. It lists filings at
 * `data.sec.gov` and keeps them at `www.sec.gov`, and counts the questions to both together. Whoever asks has to say who he is
 * (https://www.sec.gov/os/accessing-edgar-data).
 */
@Injectable()
export class SecFacts implements FactSource {
  readonly #publisher: Publisher;

  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(Publishers) publishers: Publishers,
  ) {
    this.#publisher = publishers.named('sec', config.FEEDS_SEC_REQUESTS_PER_SECOND_MAX);
  }

  /**
   * The documents of one day, or of the last week, as JSON; see `parseSecOwnership`.
   * @throws ImportRefused SEC_CONTACT_MISSING, CIK_UNKNOWN, TOO_MANY_FILINGS; as `Publisher.read`.
   */
  async fetch({ subject, date, today }: FactRequest, signal: AbortSignal): Promise<string> {
    const cik = (subject ?? '').replace(/^(CIK)?0*/i, '');
    const from = date ?? addDays(today, -LOOK_BACK_DAYS);
    const listed = await this.#list(cik, from, signal);
    const wanted = listed.filter(({ form, filedOn }) => {
      return isOwnershipForm(form) && (date === null ? filedOn >= from : filedOn === date);
    });
    if (wanted.length > FILINGS_MAX) throw tooMany(cik, wanted.length);
    const filings = [];
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const some = wanted.slice(at, at + AT_ONCE);
      filings.push(...(await Promise.all(some.map((filing) => this.#document(cik, filing, signal)))));
    }
    return JSON.stringify({ filings });
  }

  /** All filings from a day on, and some before it. */
  async #list(cik: string, from: SessionDate, signal: AbortSignal): Promise<Filing[]> {
    const name = `CIK${cik.padStart(CIK_LENGTH, '0')}`;
    const { filings } = await this.#json(`${name}.json`, Submissions, signal, unknownCik(cik));
    const lists = [filings.recent];
    for (const { name: file, filingTo } of filings.files) {
      if (filingTo >= from) lists.push(await this.#json(file, Columns, signal));
    }
    return lists.flatMap(rowsOf);
  }

  async #document(cik: string, { accession, acceptedAt, document }: Filing, signal: AbortSignal) {
    // Before the name of the file stands the folder of the style sheet by which EDGAR shows it as a page.
    const file = document.split('/').at(-1) ?? '';
    const folder = `/Archives/edgar/data/${cik}/${accession.replaceAll('-', '')}`;
    const url = new URL(`${folder}/${file}`, this.config.FEEDS_SEC_ARCHIVES_URL);
    // On paper, or from the time before XML.
    const isXml = /^[\w.-]+\.xml$/i.test(file);
    return { url: url.href, acceptedAt, document: isXml ? await this.#read(url, signal) : null };
  }

  async #json<S extends z.ZodType>(
    file: string,
    schema: S,
    signal: AbortSignal,
    missing?: ImportRefused,
  ): Promise<z.output<S>> {
    const url = new URL(`/submissions/${file}`, this.config.FEEDS_SEC_DATA_URL);
    const parsed = schema.safeParse(readJson(await this.#read(url, signal, missing), WHAT));
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0]!;
    throw shapeChanged(WHAT, `${path.join('.') || 'the whole'}: ${message}`);
  }

  #read(url: URL, signal: AbortSignal, missing?: ImportRefused): Promise<string> {
    const contact = this.config.FEEDS_SEC_CONTACT;
    if (contact === undefined) throw contactMissing();
    return this.#publisher.read(url, { 'user-agent': `Ballast ${contact}`, accept: '*/*' }, signal, missing);
  }
}

function rowsOf(columns: z.output<typeof Columns>): Filing[] {
  const { accessionNumber, filingDate, acceptanceDateTime, form, primaryDocument } = columns;
  const lengths = new Set(Object.values(columns).map(({ length }) => length));
  if (lengths.size > 1) throw shapeChanged(WHAT, `its columns have ${[...lengths].join(', ')} rows`);
  return accessionNumber.map((accession, i) => ({
    ...{ accession, filedOn: filingDate[i]!, acceptedAt: acceptanceDateTime[i]! },
    ...{ form: form[i]!, document: primaryDocument[i]! },
  }));
}

const contactMissing = (): ImportRefused =>
  new ImportRefused(
    'SEC_CONTACT_MISSING',
    'the SEC answers nobody who does not say who he is, and FEEDS_SEC_CONTACT is not set',
    'Set FEEDS_SEC_CONTACT to a name and an e-mail address, such as "Jane Doe jane@example.com", and start feeds again.',
  );

const unknownCik = (cik: string): ImportRefused =>
  new ImportRefused(
    'CIK_UNKNOWN',
    `EDGAR knows nobody with the CIK ${cik}`,
    'Look the CIK up at https://www.sec.gov/search-filings/cik-lookup; where it is right, check FEEDS_SEC_DATA_URL.',
  );

const tooMany = (cik: string, count: number): ImportRefused =>
  new ImportRefused(
    'TOO_MANY_FILINGS',
    `CIK ${cik} has ${count} filings in these days, ${FILINGS_MAX} are fetched at once`,
    'Ask for one day after the other with "date".',
  );
