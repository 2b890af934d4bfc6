import { sha256 } from '@ballast/contracts';
import { dateOf, optionalAmount, optionalDate, optionalText, requiredText } from './fields.js';
import type { MarketFact } from './market-fact.js';
import { oneEach, readRows, RowRefused, shapeChanged, type ParseContext, type ParsedFacts } from './parsed.js';
import { attributeOf, childOf, childrenOf, readXml, textOf } from './xml.js';

const WHAT = 'ownership documents';
/** EDGAR takes thirty lines a table; more of one filing is no filing. */
const LINES_MAX = 200;
const FORMS = /^[345](\/A)?$/;

const ROLES: readonly (readonly [tag: string, role: string])[] = [
  ['isDirector', 'director'],
  ['isOfficer', 'officer'],
  ['isTenPercentOwner', 'ten_percent_owner'],
  ['isOther', 'other'],
];

/**
 * Reads an ownership document of the SEC: forms 3, 4 and 5 and their amendments, as EDGAR keeps them in XML. One document is
 * one fact, named by what it is and the hash of its text: a filing is never changed, it is amended by another. A price or
 * a date that is missing, or that only a footnote speaks of, is null.
 * Source: EDGAR Ownership XML Technical Specification, schema X0206 to X0508.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, DOCTYPE_REFUSED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseSecOwnership(body: string, { source }: ParseContext): ParsedFacts {
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
    ...{ source, market: 'US', symbol: head.symbol, date: head.date, publishedAt: null },
    content: {
      ...{
        regime: 'SEC_SECTION_16',
        form: head.form,
        symbol: head.symbol,
        issuer: head.issuer,
        owners: ownersOf(document),
      },
      ...{ currency: 'USD', period: head.period, url: null, footnotes: footnotesOf(document) },
      transactions: transactions.taken.map(({ value }) => value),
      holdings: holdings.taken.map(({ value }) => value),
    },
  };
  // Half a filing would look like a whole one.
  return oneEach(Math.max(lines.length, 1), refused.length === 0 ? [{ row: 1, value: fact }] : [], refused);
}

/** What must be there for a filing to be about anything. */
function headOf(document: unknown) {
  const at = (...path: string[]): string => textOf(childOf(document, ...path));
  try {
    const form = requiredText(at('documentType'), 'documentType').toUpperCase();
    if (!FORMS.test(form))
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
