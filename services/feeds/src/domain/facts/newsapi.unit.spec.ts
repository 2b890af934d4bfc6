// Goal: of NewsAPI's answers what can be read is taken, under a name that several searches share without a quarrel.
import { describe, expect, it } from '@jest/globals';
import { CONTEXT, told } from '../../../test/told.js';
import { parseNewsApi, searchOf } from './newsapi.js';

const article = (more: object = {}) => ({
  source: { id: null, name: 'The Paper' },
  title: 'Rates rise',
  url: 'https://paper.test/1',
  publishedAt: '2026-11-19T14:30:00Z',
  content: 'All that it says.',
  ...more,
});
const body = (articles: readonly object[], totalResults = articles.length) =>
  JSON.stringify({ status: 'ok', totalResults, articles });
const read = (articles: readonly object[], subject: string | null = 'AAPL') =>
  told(parseNewsApi, body(articles), subject);

describe('articles of NewsAPI', () => {
  it('are headlines under the symbol that was searched for, without their text', () => {
    expect(read([article(), article({ source: {}, url: 'https://www.other.test/x' })])).toEqual([
      'AAPL/2ed10afb4e0dbf5ae5142635e279a044 {"symbols":["AAPL"],"title":"Rates rise","url":"https://paper.test/1","publisher":"The Paper"}',
      'AAPL/efba4066523bc4fe2ead1247ba0ba5d5 {"symbols":["AAPL"],"title":"Rates rise","url":"https://www.other.test/x","publisher":"www.other.test"}',
    ]);
  });

  it('of a search are about nobody in particular, and of two symbols two headlines', () => {
    const keys = [null, 'Apple AND iPhone', 'AAPL', 'MSFT'].map(
      (subject) => parseNewsApi(body([article()]), { ...CONTEXT, subject }).facts[0]!,
    );
    expect(keys.map(({ symbol, naturalKey }) => [symbol, naturalKey.split('/')[0]])).toEqual([
      [null, 'search'],
      [null, 'search'],
      ['AAPL', 'AAPL'],
      ['MSFT', 'MSFT'],
    ]);
    expect(keys[0]!.naturalKey).toBe(keys[1]!.naturalKey);
  });

  it('that say nothing are passed over, and one without a time is refused alone', () => {
    expect(
      read([
        article({ title: '[Removed]', url: 'https://removed.com' }),
        article({ title: null }),
        article({ url: 'javascript:alert(1)' }),
        article({ url: `https://paper.test/${'x'.repeat(2_000)}` }),
        article({ publishedAt: 'yesterday', url: 'https://paper.test/2' }),
        article({ title: 'Left' }),
      ]),
    ).toEqual([expect.stringContaining('"title":"Left"'), 'row 5 DATE_UNREADABLE']);
  });

  it('may be none, and are told where they are not all', () => {
    expect(parseNewsApi(body([]), CONTEXT)).toMatchObject({ facts: [], rows: 0, note: null });
    expect(parseNewsApi(body([article()], 340), CONTEXT)).toMatchObject({
      note: 'NewsAPI counts 340 articles and shows 1 of them',
    });
  });

  it.each([
    ['', 'EMPTY_ANSWER'],
    ['<html>', 'HTML_INSTEAD'],
    ['{"articles":', 'BODY_UNREADABLE'],
    ['{"status":"error"}', 'SHAPE_CHANGED'],
    ['{"articles":[1]}', 'SHAPE_CHANGED'],
  ])('are not %j: %s', (text, code) => {
    expect(told(parseNewsApi, text)).toEqual([code]);
  });
});

describe('a search', () => {
  it.each([
    ['AAPL', '"AAPL"', 'AAPL'],
    ['M&M', '"M&M"', 'M&M'],
    ['"INFLATION"', '"INFLATION"', null],
    ['Apple AND iPhone', 'Apple AND iPhone', null],
  ])('of %s asks for %s and is of %s', (subject, text, symbol) => {
    expect(searchOf(subject)).toEqual({ text, symbol });
  });
});
