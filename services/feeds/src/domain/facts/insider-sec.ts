import { sha256, type Instant } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { ImportRefused } from '../import-refused.js';
import { dateOf, optionalAmount, optionalDate, optionalText, readInstant, requiredText } from './fields.js';
import { isRecord, readJson, type JsonRow } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import {
  numbered,
  oneEach,
  readRows,
  RowRefused,
  shapeChanged,
  type ParseContext,
  type ParsedFacts,
  type RefusedRow,
} from './parsed.js';
import { attributeOf, childOf, childrenOf, readXml, textOf } from './xml.js';

const WHAT = 'ownership documents';
/** EDGAR takes thirty lines a table; more of one filing is no filing. */
const LINES_MAX = 200;
/** Whether a form is one of those that tell what insiders own. */
export const isOwnershipForm = (form: string): boolean => /^[345](\/A)?$/.test(form);
/** New York is at most so far behind UTC. */
const NEW_YORK_BEHIND_MS_MAX = 5 * 3_600_000;

const ROLES: readonly (readonly [tag: string, role: string])[] = [
  ['isDirector', 'director'],
  ['isOfficer', 'officer'],
  ['isTenPercentOwner', 'ten_percent_owner'],
  ['isOther', 'other'],
];

/** What EDGAR says of a filing beside its document. */
interface Provenance {
  readonly url: string | null;
  /** By when it was public. */
  readonly publishedAt: Instant | null;
}

const BY_HAND: Provenance = { url: null, publishedAt: null };

/**
 * Reads ownership documents of the SEC: forms 3, 4 and 5 and their amendments, as EDGAR keeps them in XML; one, or several of
 * them as JSON (`{"filings": [{"url", "acceptedAt", "document"}]}`), of which there may be none. One document is one fact,
 * named by what it is and the hash of its text: a filing is never changed, it is amended by another. A price or a date that is
 * missing, or that only a footnote speaks of, is null.
 * Source: EDGAR Ownership XML Technical Specification, schema X0206 to X0508.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, DOCTYPE_REFUSED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseSecOwnership(body: string, context: ParseContext): ParsedFacts {
  if (/^\uFEFF?\s*\{/.test(body)) return filingsOf(readJson(body, WHAT), context);
  const { fact, lines, refused } = readDocument(body, context.source, BY_HAND);
  // Half a filing would look like a whole one.
  return oneEach(Math.max(lines, 1), refused.length === 0 ? [{ row: 1, value: fact }] : [], refused);
}

/** Reads several filings; one that cannot be used does not touch the others. */
function filingsOf(answer: unknown, { source, fetchedAt }: ParseContext): ParsedFacts {
  const filings = isRecord(answer) ? answer['filings'] : undefined;
  if (!Array.isArray(filings) || !filings.every(isRecord)) throw shapeChanged(WHAT, 'no list of objects "filings"');
  const seen = new Set<string>();
  let again = 0;
  const { taken, refused } = readRows(numbered(filings as JsonRow[]), ({ url, acceptedAt, document }) => {
    if (typeof document !== 'string') throw new RowRefused('DOCUMENT_MISSING', `${String(url)} has no XML`);
    // Some are filed twice, word for word.
    if (seen.has(document)) {
      again += 1;
      return null;
    }
    seen.add(document);
    const publishedAt = publishedBy(optionalText(acceptedAt), fetchedAt);
    return wholeFact(document, source, { url: optionalText(url), publishedAt });
  });
  return oneEach(filings.length, taken, refused, again);
}

/** @throws RowRefused where the document, or a line of it, cannot be used. */
function wholeFact(document: string, source: string, provenance: Provenance): MarketFact {
  try {
    const { fact, refused } = readDocument(document, source, provenance);
    const [first] = refused;
    if (first) throw new RowRefused(first.code, `${provenance.url}, line ${first.row}: ${first.message}`);
    return fact;
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    throw new RowRefused(error.code, `${provenance.url}: ${error.message}`);
  }
}

/**
 * By when a filing was public. EDGAR's moments end in Z and are wall time in New York for some filers and UTC for others;
 * nothing in them tells which (measured by others over all companies of the S&P 500 in 2026). So the later reading counts,
 * but not later than the filing was seen: what is taken for public too late hurts no decision, too early would.
 */
function publishedBy(acceptedAt: string | null, fetchedAt: Instant): Instant | null {
  const written = acceptedAt === null ? null : readInstant(acceptedAt);
  if (written === null) return null;
  const latest = addMilliseconds(written, NEW_YORK_BEHIND_MS_MAX);
  return latest < fetchedAt ? latest : fetchedAt;
}

interface ReadDocument {
  readonly fact: MarketFact;
  readonly lines: number;
  readonly refused: readonly RefusedRow[];
}

function readDocument(body: string, source: string, { url, publishedAt }: Provenance): ReadDocument {
  const document = childOf(readXml(body, WHAT), 'ownershipDocument');
  if (document === undefined) throw shapeChanged(WHAT, 'the root is no ownershipDocument');
  const head = headOf(document);
  const lines = linesOf(document);
  if (lines.length > LINES_MAX) throw shapeChanged(WHAT, `${lines.length} lines in the tables of one filing`);
  const transactions = readRows(
    lines.filter(({ value }) => value.transaction),
    transactionOf,
  );
  const holdings = readRows(
    lines.filter(({ value }) => !value.transaction),
    holdingOf,
  );
  const refused = [...transactions.refused, ...holdings.refused].sort((a, b) => a.row - b.row);
  const fact: MarketFact = {
    kind: 'filing',
    naturalKey: [head.form, head.issuer.id, head.period, sha256(body.trim()).slice(0, 32)].join('/'),
    ...{ source, market: 'US', symbol: head.symbol, date: head.date, publishedAt },
    content: {
      ...{
        regime: 'SEC_SECTION_16',
        form: head.form,
        symbol: head.symbol,
        issuer: head.issuer,
        owners: ownersOf(document),
      },
      ...{ currency: 'USD', period: head.period, url, footnotes: footnotesOf(document) },
      transactions: transactions.taken.map(({ value }) => value),
      holdings: holdings.taken.map(({ value }) => value),
    },
  };
  return { fact, lines: lines.length, refused };
}

/** What must be there for a filing to be about anything. */
function headOf(document: unknown) {
  const at = (...path: string[]): string => textOf(childOf(document, ...path));
  try {
    const form = requiredText(at('documentType'), 'documentType').toUpperCase();
    if (!isOwnershipForm(form))
      throw shapeChanged(WHAT, `documentType is ${JSON.stringify(form.slice(0, 20))}, not 3, 4 or 5`);
    const period = dateOf(at('periodOfReport'), 'periodOfReport');
    const issuer = {
      id: requiredText(at('issuer', 'issuerCik'), 'issuerCik', 20),
      name: requiredText(at('issuer', 'issuerName'), 'issuerName', 200),
    };
    const written = optionalText(at('issuer', 'issuerTradingSymbol'), 32)?.toUpperCase() ?? null;
    // Private issuers write "NONE" or a sentence here; that is no symbol, and the number names the issuer.
    const symbol = written !== null && written !== 'NONE' && /^[A-Z0-9][A-Z0-9.:/-]*$/.test(written) ? written : null;
    const signed = childrenOf(document, 'ownerSignature').map((each) => textOf(childOf(each, 'signatureDate')));
    const date = optionalDate(signed[0], 'signatureDate') ?? period;
    return { form, period, issuer, symbol, date };
  } catch (error) {
    if (error instanceof RowRefused) throw shapeChanged(WHAT, error.message);
    throw error;
  }
}

function ownersOf(document: unknown) {
  const owners = childrenOf(document, 'reportingOwner').map((owner) => {
    const relationship = childOf(owner, 'reportingOwnerRelationship');
    const name = optionalText(textOf(childOf(owner, 'reportingOwnerId', 'rptOwnerName')), 200);
    if (name === null) throw shapeChanged(WHAT, 'a reportingOwner has no name');
    return {
      id: optionalText(textOf(childOf(owner, 'reportingOwnerId', 'rptOwnerCik')), 20),
      name,
      roles: ROLES.filter(([tag]) => isTrue(textOf(childOf(relationship, tag)))).map(([, role]) => role),
      title: optionalText(textOf(childOf(relationship, 'officerTitle')), 200),
    };
  });
  if (owners.length === 0) throw shapeChanged(WHAT, 'no reportingOwner');
  return owners;
}

const isTrue = (text: string): boolean => text.trim() === '1' || text.trim().toLowerCase() === 'true';

interface Line {
  readonly node: unknown;
  readonly derivative: boolean;
  readonly transaction: boolean;
}

/** The lines of both tables, numbered through as they stand in the document. */
function linesOf(document: unknown) {
  const of = (table: string, tag: string, derivative: boolean, transaction: boolean): Line[] =>
    childrenOf(childOf(document, table), tag).map((node) => ({ node, derivative, transaction }));
  return [
    ...of('nonDerivativeTable', 'nonDerivativeTransaction', false, true),
    ...of('nonDerivativeTable', 'nonDerivativeHolding', false, false),
    ...of('derivativeTable', 'derivativeTransaction', true, true),
    ...of('derivativeTable', 'derivativeHolding', true, false),
  ].map((value, i) => ({ row: i + 1, value }));
}

/** The value of an element of a line; empty where it has none or only a footnote. */
const valueOf = (node: unknown, ...path: string[]): string => textOf(childOf(node, ...path, 'value'));

function transactionOf({ node, derivative }: Line) {
  const amounts = 'transactionAmounts';
  const direction = valueOf(node, amounts, 'transactionAcquiredDisposedCode').toUpperCase();
  if (direction !== '' && direction !== 'A' && direction !== 'D') {
    throw new RowRefused(
      'DIRECTION_UNKNOWN',
      `transactionAcquiredDisposedCode is ${JSON.stringify(direction.slice(0, 10))}`,
    );
  }
  return {
    security: requiredText(valueOf(node, 'securityTitle'), 'securityTitle', 200),
    derivative,
    date: optionalDate(valueOf(node, 'transactionDate'), 'transactionDate'),
    code: optionalText(textOf(childOf(node, 'transactionCoding', 'transactionCode')), 10),
    direction: direction === '' ? null : direction === 'A' ? 'acquired' : 'disposed',
    quantity: optionalAmount(valueOf(node, amounts, 'transactionShares'), 'transactionShares'),
    price: optionalAmount(valueOf(node, amounts, 'transactionPricePerShare'), 'transactionPricePerShare'),
    value: optionalAmount(valueOf(node, amounts, 'transactionTotalValue'), 'transactionTotalValue'),
    ownedAfter: ownedAfter(node),
    ownedAfterPercent: null,
    ownership: ownershipOf(node),
    footnotes: footnoteIdsOf(node),
  };
}

function holdingOf({ node, derivative }: Line) {
  return {
    security: requiredText(valueOf(node, 'securityTitle'), 'securityTitle', 200),
    derivative,
    // Holdings of rights may say only how many shares they are rights to.
    quantity:
      ownedAfter(node) ??
      optionalAmount(valueOf(node, 'underlyingSecurity', 'underlyingSecurityShares'), 'underlyingSecurityShares'),
    ownership: ownershipOf(node),
    nature: optionalText(valueOf(node, 'ownershipNature', 'natureOfOwnership'), 200),
    footnotes: footnoteIdsOf(node),
  };
}

const ownedAfter = (node: unknown): string | null =>
  optionalAmount(
    valueOf(node, 'postTransactionAmounts', 'sharesOwnedFollowingTransaction'),
    'sharesOwnedFollowingTransaction',
  );

function ownershipOf(node: unknown): 'direct' | 'indirect' | null {
  const code = valueOf(node, 'ownershipNature', 'directOrIndirectOwnership').toUpperCase();
  return code === 'D' ? 'direct' : code === 'I' ? 'indirect' : null;
}

/** The ids of all footnotes below an element, each once, in order. */
function footnoteIdsOf(node: unknown): string[] {
  if (Array.isArray(node)) return [...new Set(node.flatMap(footnoteIdsOf))];
  if (typeof node !== 'object' || node === null) return [];
  const own = childrenOf(node, 'footnoteId').map((each) => attributeOf(each, 'id'));
  const below = Object.values(node).flatMap(footnoteIdsOf);
  return [...new Set([...own, ...below])].filter((id) => id !== '').sort();
}

const footnotesOf = (document: unknown) =>
  childrenOf(childOf(document, 'footnotes'), 'footnote')
    .map((note) => ({ id: attributeOf(note, 'id').slice(0, 20), text: optionalText(textOf(note), 2_000) ?? '' }))
    .slice(0, 100);
