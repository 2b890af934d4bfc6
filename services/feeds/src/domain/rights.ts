import { Slug } from '@ballast/contracts';
import { z } from 'zod';

/** What may be done with the data of a source. Names in small letters; `alpaca` holds for `alpaca-daily` too. */
export const RightsRule = z.strictObject({
  source: Slug,
  /** To the operator. A source that may not even be looked at must not be brought in. */
  display: z.literal(true, 'true: do not bring in a source that may not even be displayed'),
  /** To a file of the operator, for use within the same house. */
  export: z.boolean(),
  /** Of such a file to others. */
  redistribute: z.boolean(),
  /** How long it may be kept in days; null where no limit is known. Nothing deletes by it: it is told. */
  retentionDays: z.int().min(1).max(36_500).nullable(),
  /** What is shown beside the data. */
  attribution: z.string().min(1).max(500),
  /** Why, in a sentence. */
  basis: z.string().min(1).max(500),
  /** Where the terms can be read; null where there are none. */
  terms: z.url().nullable(),
});
export type RightsRule = z.infer<typeof RightsRule>;

/** Rules of an operator's own contracts; each takes the place of the one of its source. */
export const RightsFile = z
  .strictObject({ sources: z.array(RightsRule).min(1).max(500) })
  .refine(({ sources }) => new Set(sources.map(({ source }) => source)).size === sources.length, {
    path: ['sources'],
    message: 'each source once',
  });

const rule = (
  source: string,
  [exports, redistribute]: readonly [boolean, boolean],
  attribution: string,
  basis: string,
  terms: string | null,
): RightsRule => ({
  ...{ source, display: true, export: exports, redistribute, retentionDays: null, attribution, basis, terms },
});

const BLOCKED = [false, false] as const;
const OWN_USE = [true, false] as const;
const FREE = [true, true] as const;

/** The source of bars and facts that an operator gave as files of their own. */
export const USER_FILE = 'user-file';
export const SYNTHETIC = 'synthetic';

/**
 * What is permitted without a contract of one's own, on the cautious side of what the terms of use say (2026-11); no legal
 * advice. Who has better rights says so in `FEEDS_RIGHTS_FILE`.
 */
export const DEFAULT_RULES: readonly RightsRule[] = [
  rule(
    'newsapi',
    BLOCKED,
    'Powered by NewsAPI.org',
    'The articles belong to their publishers; NewsAPI licenses no copies of them.',
    'https://newsapi.org/terms',
  ),
  rule(
    'fmp',
    BLOCKED,
    'Data provided by Financial Modeling Prep',
    'Display and redistribution need a data licence agreement with FMP.',
    'https://site.financialmodelingprep.com/terms-of-service',
  ),
  rule(
    'alpaca',
    OWN_USE,
    'Market data by Alpaca',
    'The market data agreement is for the subscriber; exchanges allow no passing on.',
    'https://alpaca.markets/disclosures',
  ),
  rule(
    'polygon',
    OWN_USE,
    'Market data by Polygon.io',
    'Individual plans are for the own use of the subscriber.',
    'https://polygon.io/terms',
  ),
  rule(
    'fred',
    BLOCKED,
    'This product uses the FRED® API but is not endorsed or certified by the Federal Reserve Bank of St. Louis.',
    'Series of third parties need their owners’ permission, and which are is not known by fact.',
    'https://fred.stlouisfed.org/docs/api/terms_of_use.html',
  ),
  rule(
    'nse',
    BLOCKED,
    'Source: National Stock Exchange of India',
    'Copies and their distribution need an agreement with NSE Data & Analytics.',
    'https://www.nseindia.com/market-data/nse-data-policy',
  ),
  rule('nsdl', BLOCKED, 'Source: NSDL', 'The site licenses no copies of its tables.', 'https://www.fpi.nsdl.co.in'),
  rule(
    'sec',
    FREE,
    'Source: U.S. Securities and Exchange Commission, EDGAR',
    'What EDGAR publishes is free to use and to pass on.',
    'https://www.sec.gov/privacy#dissemination',
  ),
  rule(
    'fed',
    FREE,
    'Source: Board of Governors of the Federal Reserve System',
    'What the Board publishes is in the public domain unless marked otherwise.',
    'https://www.federalreserve.gov/disclaimer.htm',
  ),
  rule(
    'pib',
    FREE,
    'Source: Press Information Bureau, Government of India',
    'Releases may be reproduced accurately and with their source.',
    'https://www.pib.gov.in',
  ),
  rule(
    'rbi',
    BLOCKED,
    'Source: Reserve Bank of India',
    'Reproduction is with permission.',
    'https://www.rbi.org.in/Scripts/Disclaimer.aspx',
  ),
  rule(
    'sebi',
    BLOCKED,
    'Source: Securities and Exchange Board of India',
    'Reproduction is with permission.',
    'https://www.sebi.gov.in/disclaimer.html',
  ),
  rule(
    USER_FILE,
    OWN_USE,
    'From a file of the operator',
    'Whoever brings a file knows its terms; to pass it on is their own act.',
    null,
  ),
  rule(SYNTHETIC, FREE, 'Synthetic market made by Ballast', 'It is made here and is of nobody.', null),
  rule('paper', FREE, 'Simulated by the paper broker', 'It is made here and is of nobody.', null),
];

/** What holds for a source that no rule is about: it may be looked at, and nothing else. */
const unknownRule = (source: string): RightsRule =>
  rule(
    source,
    BLOCKED,
    `Source: ${source}`,
    'No rule is known for this source, so that nothing but display is permitted.',
    null,
  );

/** The rules that hold, with an operator's own in place of those of the same source. */
export class RightsRegistry {
  readonly #rules: ReadonlyMap<string, RightsRule>;

  /** @param own rules of an operator's own contracts. */
  constructor(readonly own: readonly RightsRule[] = []) {
    this.#rules = new Map([...DEFAULT_RULES, ...own].map((each) => [each.source, each]));
  }

  list(): RightsRule[] {
    return [...this.#rules.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  /** Whether a rule is about a source, and not only what holds where nothing is known. */
  knows(source: string): boolean {
    return this.#find(source) !== undefined;
  }

  /** The rule of a source; the longest name that it begins with counts. */
  ruleOf(source: string): RightsRule {
    return this.#find(source) ?? unknownRule(source);
  }

  #find(source: string): RightsRule | undefined {
    for (let name = source; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('-')))) {
      const found = this.#rules.get(name);
      if (found) return found;
    }
    return undefined;
  }
}

/** What must stand beside the data of a source. */
export interface Attribution {
  readonly source: string;
  readonly text: string;
}

/** What must be shown beside data of some sources: each once, in order. */
export const attributionsOf = (rights: RightsRegistry, sources: readonly string[]): Attribution[] =>
  rulesOf(rights, sources).map(({ source, attribution }) => ({ source, text: attribution }));

/** The rules of some sources, each once, in order. */
const rulesOf = (rights: RightsRegistry, sources: readonly string[]): RightsRule[] =>
  [...new Map(sources.map((source) => rights.ruleOf(source)).map((each) => [each.source, each])).values()].sort(
    (a, b) => (a.source < b.source ? -1 : 1),
  );

/** Whether data of some sources may leave as a file. */
export type ExportVerdict =
  | { readonly permitted: true; readonly attributions: readonly Attribution[]; readonly watermark: string }
  | { readonly permitted: false; readonly blocked: readonly RightsRule[] };

/**
 * Decides about an export: one blocked source blocks all of it, and the refusal names each.
 * @param exported what the export is named by, and when it is made.
 */
export function exportVerdict(
  rights: RightsRegistry,
  sources: readonly string[],
  exported: { readonly exportId: string; readonly at: string },
): ExportVerdict {
  const rules = rulesOf(rights, sources);
  const blocked = rules.filter((each) => !each.export);
  if (blocked.length > 0) return { permitted: false, blocked };
  const own = rules.filter(({ redistribute }) => !redistribute).map(({ source }) => source);
  const limit =
    own.length === 0
      ? 'It may be passed on with its attributions.'
      : `For the own use of the operator only; not to be passed on (${own.join(', ')}).`;
  const watermark = `Exported from Ballast at ${exported.at} as ${exported.exportId}. ${limit}`;
  return { permitted: true, attributions: attributionsOf(rights, sources), watermark };
}
