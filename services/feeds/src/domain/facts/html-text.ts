/** What a program would run or a browser would not show; nothing of it is text. */
const HIDDEN: ReadonlySet<string> = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'iframe',
  'svg',
  'head',
  'object',
]);
/** After these a new line begins. */
const BLOCKS =
  /^(p|div|br|li|ul|ol|tr|table|h[1-6]|section|article|header|footer|blockquote|pre|hr|dd|dt|dl|main|aside|nav|title)$/;

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ndash: '–', mdash: '—', hellip: '…', bull: '•' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', middot: '·', deg: '°', times: '×' },
  ...{ pound: '£', euro: '€', yen: '¥', cent: '¢', sect: '§', copy: '©', reg: '®', trade: '™', frac12: '½', para: '¶' },
  ...{ aacute: 'á', eacute: 'é', iacute: 'í', oacute: 'ó', uacute: 'ú', uuml: 'ü', ouml: 'ö', auml: 'ä', szlig: 'ß' },
};

/**
 * The text of a piece of HTML, in lines. Markup goes first and entities are decoded once after it, so that `&lt;b&gt;`
 * stays the four letters that its author wrote and nothing that was text becomes markup. Scripts, styles, comments and
 * frames leave nothing behind, closed or not. Takes time in proportion to its length.
 */
export function htmlToText(html: string): string {
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      text += html.slice(at);
      break;
    }
    text += html.slice(at, open);
    const tag = tagAt(html, open);
    if (tag === null) {
      // A lone "<" is a sign of comparison.
      text += '<';
      at = open + 1;
      continue;
    }
    if (BLOCKS.test(tag.name)) text += '\n';
    else if (tag.name === 'td' || tag.name === 'th') text += ' ';
    at = HIDDEN.has(tag.name) && !tag.closing ? endOfHidden(html, tag.name, tag.end) : tag.end;
  }
  return tidy(decodeEntities(text));
}

interface Tag {
  /** Empty for comments and declarations. */
  readonly name: string;
  readonly closing: boolean;
  /** Where what follows begins. */
  readonly end: number;
}

function tagAt(html: string, open: number): Tag | null {
  if (html.startsWith('<!--', open)) return { name: '', closing: false, end: after(html, '-->', open + 4) };
  if (html[open + 1] === '!' || html[open + 1] === '?')
    return { name: '', closing: false, end: after(html, '>', open) };
  const closing = html[open + 1] === '/';
  const from = closing ? open + 2 : open + 1;
  let to = from;
  while (to < html.length && to - from < 32 && /[A-Za-z0-9:-]/.test(html[to]!)) to += 1;
  if (to === from || !/[A-Za-z]/.test(html[from]!)) return null;
  return { name: html.slice(from, to).toLowerCase(), closing, end: endOfTag(html, to) };
}

/** Where a tag ends; a ">" within quotes does not end it. */
function endOfTag(html: string, from: number): number {
  let quote = '';
  for (let at = from; at < html.length; at += 1) {
    const char = html[at]!;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at + 1;
  }
  return html.length;
}

function endOfHidden(html: string, name: string, from: number): number {
  for (let at = html.indexOf('</', from); at !== -1; at = html.indexOf('</', at + 2)) {
    if (html.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return endOfTag(html, at + 2 + name.length);
  }
  return html.length;
}

function after(html: string, end: string, from: number): number {
  const at = html.indexOf(end, from);
  return at === -1 ? html.length : at + end.length;
}

/** Decodes character references once; one that nobody knows stays as it is written. */
export const decodeEntities = (text: string): string =>
  text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return NAMED[name as string] ?? whole;
      const code = decimal === undefined ? parseInt(hex as string, 16) : Number(decimal);
      return isCharacter(code) ? String.fromCodePoint(code) : '\uFFFD';
    },
  );

const isCharacter = (code: number): boolean =>
  code >= 0x20 && code <= 0x10ffff && !(code >= 0x7f && code <= 0x9f) && !(code >= 0xd800 && code <= 0xdfff);

/** Control characters out, white space to single blanks and single line ends. */
const tidy = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[\p{Cs}]|[^\P{Cc}\n\t\r]/gu, '')
    .split(/[\n\r]+/)
    .map((line) => line.replaceAll(/[\s\u200B\uFEFF]+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
