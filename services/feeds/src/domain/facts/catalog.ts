import { ImportRefused } from '../import-refused.js';
import { parseBoardMeetings } from './board-meetings.js';
import { parseDeals } from './bulk-deals.js';
import { parseFiiDii } from './fii-dii.js';
import { parseAnnouncements, parseHeadlines } from './headlines.js';
import { parsePit, parseSast } from './insider-nse.js';
import { parseSecOwnership } from './insider-sec.js';
import { parseMacro } from './macro.js';
import { parseNewsApi } from './newsapi.js';
import { parseNseHolidays } from './nse-holidays.js';
import { parseOptionChain } from './option-chain.js';
import type { Parse, ParseContext, ParsedFacts } from './parsed.js';
import { AMERICAN, INDIAN, parseTexts } from './rss.js';

interface Entry {
  readonly parse: Parse;
  /** Whose word it is where it is fetched. */
  readonly source: string;
  /** Whether it can be fetched, and whether that needs a symbol or a series to be named; else it is brought by hand. */
  readonly fetched: 'plain' | 'by-subject' | 'never';
  /** Whether a day can be asked for; sources of the others give what is latest. */
  readonly dated: boolean;
  /** How the name that is asked for is written, and examples of it. */
  readonly subject: SubjectRule;
  /** Whether nobody else can have said it: then it cannot be brought under another name, whose rights may be others. */
  readonly licensed: boolean;
}

/** How the name of something is written. */
export interface SubjectRule {
  readonly pattern: RegExp;
  readonly examples: string;
}

/** A symbol or a series, as exchanges and statisticians write them. */
export const NAME: SubjectRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9.&:_/-]{0,63}$/,
  examples: 'a symbol or series such as "NIFTY", "M&M" or "DGS10"',
};
/** NewsAPI takes 500 characters, two of which may be quotes. */
const SEARCH: SubjectRule = {
  pattern: /^(?=\S)[^\p{Cc}]{1,498}$/u,
  examples: 'a symbol such as "AAPL", or what is searched for, such as "Apple AND iPhone"',
};

/** The number under which EDGAR knows a company or a person. */
const CIK: SubjectRule = {
  pattern: /^(CIK)?0*[1-9]\d{0,9}$/i,
  examples: 'the CIK of a company or person, such as "320193"',
};

const usual = { subject: NAME, licensed: false } as const;
const latest = (source: string, parse: Parse): Entry => ({ parse, source, fetched: 'plain', dated: false, ...usual });
const dated = (source: string, parse: Parse): Entry => ({ parse, source, fetched: 'plain', dated: true, ...usual });
const bySubject = (source: string, parse: Parse, more: Partial<Entry> = {}): Entry => ({
  ...{ parse, source, fetched: 'by-subject', dated: true, ...usual },
  ...more,
});
const brought = (source: string, parse: Parse): Entry => ({ parse, source, fetched: 'never', dated: false, ...usual });

/** What can be collected or brought, by the name that people use for it. */
const CATALOG = {
  'nse-fii-dii': latest('nse', parseFiiDii),
  'nse-bulk-deals': dated('nse', parseDeals('bulk')),
  'nse-block-deals': dated('nse', parseDeals('block')),
  'nse-board-meetings': dated('nse', parseBoardMeetings),
  'nse-pit': dated('nse', parsePit),
  'nse-sast': dated('nse', parseSast),
  'nse-option-chain': bySubject('nse', parseOptionChain),
  'nse-holidays': latest('nse', parseNseHolidays),
  'nse-announcements': latest('nse', parseAnnouncements),
  'rbi-texts': latest('rbi', parseTexts(INDIAN)),
  'rbi-notifications': latest('rbi', parseTexts(INDIAN)),
  'sebi-texts': latest('sebi', parseTexts(INDIAN)),
  'pib-texts': latest('pib', parseTexts(INDIAN)),
  'fed-texts': latest('fed', parseTexts(AMERICAN)),
  'macro-series': bySubject('fred', parseMacro),
  // A kind of its own: what a collection says must not depend on whether somebody has set a key.
  'fred-series': bySubject('fred', parseMacro),
  'newsapi-headlines': bySubject('newsapi', parseNewsApi, { subject: SEARCH, licensed: true }),
  'sec-ownership': bySubject('sec', parseSecOwnership, { subject: CIK }),
  headlines: brought('headlines', parseHeadlines),
} as const;

/** Something that can be collected or brought. */
export type What = keyof typeof CATALOG;

/** All of them, for schemas and help. */
export const WHATS = Object.keys(CATALOG) as [What, ...What[]];

/** How something is fetched, and whose word it is then. */
export const entryOf = (what: What): Entry => CATALOG[what];

/**
 * Reads the text of one answer or file.
 * @param tolerated the part of the rows that may be refused, from 0 to 1; with more, nothing of it is taken.
 * @throws ImportRefused what the parser refused the whole with; TOO_MANY_REFUSED.
 */
export function parseFacts(what: What, body: string, context: ParseContext, tolerated: number): ParsedFacts {
  const parsed = CATALOG[what].parse(body, context);
  const { refused, rows } = parsed;
  if (refused.length <= rows * tolerated) return parsed;
  const { row, code, message } = refused[0]!;
  throw new ImportRefused(
    'TOO_MANY_REFUSED',
    `${refused.length} of ${rows} rows cannot be used; row ${row}: ${code}, ${message}`,
    'Correct the rows, or look whether the source writes them otherwise now; nothing was taken.',
  );
}
