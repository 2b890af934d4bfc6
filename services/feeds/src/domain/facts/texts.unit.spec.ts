// Goal: texts come out as what a person would read, and nothing in them runs, expands or reaches out.
import { describe, expect, it } from '@jest/globals';
import { readInstant } from './fields.js';
import { parseAnnouncements, parseHeadlines } from './headlines.js';
import { htmlToText } from './html-text.js';
import { parseMacro } from './macro.js';
import { told } from '../../../test/told.js';
import { AMERICAN, INDIAN, parseTexts } from './rss.js';

describe('HTML', () => {
  it.each([
    ['<p>Rates &amp; stance</p><p>unchanged</p>', 'Rates & stance\nunchanged'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<table><tr><td>CPI</td><td>4.2</td></tr></table>', 'CPI 4.2'],
    ['<script>alert(1)</script>safe', 'safe'],
    ['safe<SCRIPT src="//x">never closed', 'safe'],
    ['<style>p{}</style><!-- <p>hidden</p> -->shown', 'shown'],
    ['<a href="x>y" title=\'a>b\'>link</a>', 'link'],
    ['&lt;b&gt;not markup&lt;/b&gt;', '<b>not markup</b>'],
    ['&amp;lt;', '&lt;'],
    ['&#8377;500 &#x2013; &rsquo;', '₹500 – ’'],
    ['&#0;&#xD800;&#27;&unknown;', '���&unknown;'],
    ['5 < 6 and 7 > 6', '5 < 6 and 7 > 6'],
    ['a\u0000b\u0007c \u200b  d', 'abc d'],
    ['<iframe src="x">inside</iframe>outside', 'outside'],
    ['cut <', 'cut <'],
    ['cut <b', 'cut'],
    ['', ''],
  ])('%j', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});

describe('moments', () => {
  it.each([
    ['Fri, 20 Nov 2026 10:00:00 +0530', '2026-11-20T04:30:00.000Z'],
    ['Fri, 20 Nov 2026 10:00:00 GMT', '2026-11-20T10:00:00.000Z'],
    ['20 Nov 2026 10:00 EST', '2026-11-20T15:00:00.000Z'],
    ['17 Oct, 2024 +0530', '2024-10-16T18:30:00.000Z'],
    ['2020-05-11 07:47:00-04:00', '2020-05-11T11:47:00.000Z'],
    ['2026-11-20T10:00:00.5Z', '2026-11-20T10:00:00.500Z'],
    ['2026-11-20T10:00:00', null],
    ['Fri, 20 Nov 2026 10:00:00', null],
    ['Fri, 31 Nov 2026 10:00:00 GMT', null],
    ['20 Nov 2026 10:00 XYZ', null],
    ['tomorrow', null],
  ])('%s', (text, at) => {
    expect(readInstant(text)).toBe(at);
  });

  it('without an offset are those of the clock that is named', () => {
    expect(readInstant('Fri, 20 Nov 2026 10:00:00', '+05:30')).toBe('2026-11-20T04:30:00.000Z');
  });
});

describe('feeds', () => {
  const rss = (items: string) =>
    `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;
  const item = (more = '<pubDate>Fri, 20 Nov 2026 10:00:00 +0530</pubDate>', title = 'Repo rate') =>
    `<item><title>${title}</title><link>https://rbi.example/1</link><guid>g1</guid><description><![CDATA[<p>Rates <b>stay</b></p>]]></description>${more}</item>`;
  const said = (lines: string[]) => lines.map((line) => line.replace(/,"sha256":"[0-9a-f]{64}"/, ''));
  const KNOWN = 'g1 {"title":"Repo rate","body":"Rates stay","url":"https://rbi.example/1"}';

  it.each<[string, string, string[]]>([
    ['RSS', rss(item()), [KNOWN]],
    ['no date, as PIB has it', rss(item('')), [KNOWN]],
    ['the same twice', rss(item() + item()), [KNOWN, '1 again']],
    ['two texts under one id', rss(item() + item().replace('stay', 'rise')), ['NO_USABLE_ROW']],
    [
      'a date that cannot be read',
      rss(item() + item('<pubDate>soon</pubDate>', 'X').replace('g1', 'g2')),
      [KNOWN, 'row 2 DATE_UNREADABLE'],
    ],
    [
      'an address that would run',
      rss('<item><title>T</title><link>javascript:alert(1)</link></item>'),
      ['title:__ {"title":"T","body":"T","url":null}'],
    ],
    ['nothing said', rss('<item><link>https://x.example/</link></item>'), ['NO_USABLE_ROW']],
    ['no items', rss(''), ['EMPTY_ANSWER']],
    ['nothing', '', ['EMPTY_ANSWER']],
    ['a page', '<!DOCTYPE html><html></html>', ['HTML_INSTEAD']],
    ['another document', '<opml/>', ['SHAPE_CHANGED']],
    [
      'an entity from outside',
      `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rss('<item><title>&x;</title></item>')}`,
      ['DOCTYPE_REFUSED'],
    ],
    [
      'a thousand laughs',
      `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>`,
      ['DOCTYPE_REFUSED'],
    ],
    ['a cut end', rss(item()).slice(0, -20), ['BODY_UNREADABLE']],
    ['too deep', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`, ['BODY_UNREADABLE']],
  ])('%s', (_, body, expected) => {
    expect(said(told(parseTexts(INDIAN), body)).map((line) => line.replace(/title:[0-9a-f]{64}/, 'title:__'))).toEqual(
      expected,
    );
  });

  it('of Atom', () => {
    const body = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title type="html">A &amp;amp; B</title>
      <link rel="self" href="https://x.example/self"/><link href="https://x.example/1"/><updated>2026-11-20T10:00:00Z</updated>
      <summary type="html">&lt;p&gt;Text&lt;/p&gt;</summary></entry></feed>`;
    expect(said(told(parseTexts(AMERICAN), body))).toEqual([
      'urn:1 {"title":"A & B","body":"Text","url":"https://x.example/1"}',
    ]);
  });

  it('of announcements name no symbol that they do not say', () => {
    expect(told(parseAnnouncements, rss(item()))).toEqual([
      'g1 {"symbols":[],"title":"Repo rate: Rates stay","url":"https://rbi.example/1"}',
    ]);
  });
});

describe('headlines', () => {
  const key = /\/[0-9a-f]{16} /;
  it.each<[string, string, string[]]>([
    [
      'quoted, with lines',
      ',title,date,stock\n1,"A ""b"",\nc",2020-05-11 07:47:00-04:00,AAMC\n',
      ['AAMC/2020-05-11T11:47:00.000Z {"symbols":["AAMC"],"title":"A \\"b\\", c","url":null}'],
    ],
    [
      'the same twice',
      'title,date,stock\nA,2020-05-11 07:47:00-04:00,X\nA,2020-05-11T11:47:00Z,X\n',
      ['X/2020-05-11T11:47:00.000Z {"symbols":["X"],"title":"A","url":null}', '1 again'],
    ],
    ['no offset', 'title,date,stock\nA,2020-05-11 07:47:00,X\n', ['NO_USABLE_ROW']],
    ['no title', 'date,stock\n2020-05-11,X\n', ['HEADER_INCOMPLETE']],
  ])('%s', (_, body, expected) => {
    expect(told(parseHeadlines, body).map((line) => line.replace(key, ' '))).toEqual(expected);
  });
});

describe('series', () => {
  const fred = (observations: object[], [from, to]: [string, string] = ['2026-11-20', '2026-11-20']) =>
    JSON.stringify({ realtime_start: from, realtime_end: to, observations });
  const at = (value: string, more: object = {}) => ({
    realtime_start: '2026-11-20',
    realtime_end: '2026-11-20',
    date: '2026-10-01',
    value,
    ...more,
  });
  const said = (value: string | null) =>
    `GDP/2026-10-01/current {"value":${JSON.stringify(value)},"vintageFrom":null,"vintageTo":null}`;
  const WHOLE: [string, string] = ['1776-07-04', '9999-12-31'];

  it.each<[string, string, string | null, string[]]>([
    ['a look on one day is no vintage', fred([at('3.10')]), 'GDP', [said('3.1')]],
    ['a value that does not exist', fred([at('.')]), 'GDP', [said(null)]],
    [
      'vintages',
      fred(
        [
          at('1', { realtime_start: '2026-10-30', realtime_end: '2026-11-26' }),
          at('2', { realtime_start: '2026-11-27', realtime_end: '9999-12-31' }),
        ],
        WHOLE,
      ),
      'GDP',
      [
        'GDP/2026-10-01/2026-10-30 {"value":"1","vintageFrom":"2026-10-30","vintageTo":"2026-11-26"}',
        'GDP/2026-10-01/2026-11-27 {"value":"2","vintageFrom":"2026-11-27","vintageTo":null}',
      ],
    ],
    ['no name', fred([at('1')]), null, ['SUBJECT_MISSING']],
    ['no observations', fred([]), 'GDP', ['EMPTY_ANSWER']],
    ['an error of FRED', '{"error_code":400,"error_message":"Bad Request"}', 'GDP', ['SHAPE_CHANGED']],
    [
      'words',
      fred([at('n/a'), at('1', { date: '2026-07-01' })]),
      'GDP',
      ['GDP/2026-07-01/current {"value":"1","vintageFrom":null,"vintageTo":null}', 'row 1 NOT_NUMERIC'],
    ],
    [
      'a table, whose empty cells say nothing',
      'date,GDP,CPI\n2026-10-01,3.1,\n2026-11-01,.,9.1e-05\n',
      null,
      [
        said('3.1'),
        'GDP/2026-11-01/current {"value":null,"vintageFrom":null,"vintageTo":null}',
        'CPI/2026-11-01/current {"value":"0.000091","vintageFrom":null,"vintageTo":null}',
      ],
    ],
    ['the table of FRED', 'observation_date,GDP\n2026-10-01,3.1\n', 'GDP', [said('3.1')]],
    ['dates alone', 'date\n2026-10-01\n', null, ['SHAPE_CHANGED']],
  ])('%s', (_, body, subject, expected) => {
    expect(told(parseMacro, body, subject)).toEqual(expected);
  });
});
