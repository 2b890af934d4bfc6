import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@ballast/platform';
import { NewsApi } from './newsapi.js';
import { logOf, VendorStub, type Answer, type Asked } from './vendor-stub.fixture.js';

const KEY = 'newsapi-key-0123456789';
const NEVER = new AbortController().signal;
const SEARCH = {
  text: '"Apple Inc" OR AAPL',
  from: '2026-11-19T00:00:00.000Z',
  to: '2026-11-20T00:00:00.000Z',
};

type Article = Readonly<Record<string, unknown>>;
let articles: Article[] = [];
/** A stub of NewsAPI: the key in a header, pages by number, the second one only with a paid plan. */
const answer = ({ path, query, headers }: Asked): Answer => {
  if (headers['x-api-key'] !== KEY) {
    const message = 'Your API key is invalid or incorrect.';
    return { status: 401, body: { status: 'error', code: 'apiKeyInvalid', message } };
  }
  if (path !== '/v2/everything') return { status: 404, body: { status: 'error', message: 'no such endpoint' } };
  const size = Number(query['pageSize']);
  const from = (Number(query['page']) - 1) * size;
  return { body: { status: 'ok', totalResults: articles.length, articles: articles.slice(from, from + size) } };
};
let stub: VendorStub;
beforeAll(async () => {
  stub = await VendorStub.start(answer);
});
beforeEach(() => {
  stub.clear();
  articles = [];
});
afterAll(() => stub.close());

const newsApi = (more: { key?: string; shownMax?: number } = {}) =>
  new NewsApi({
    log: logOf([]),
    url: stub.url,
    requestsPerMinute: 10_000,
    patience: { firstWaitMs: 1 },
    shownMax: 100,
    ...more,
    key: new Secret(more.key ?? KEY),
  });
const article = (n: number, more: Article = {}): Article => ({
  source: { id: null, name: 'The Paper' },
  author: 'Somebody',
  title: `Headline ${n}`,
  description: 'What it says.',
  url: `https://paper.test/${n}`,
  urlToImage: null,
  publishedAt: '2026-11-19T14:30:00Z',
  content: 'All that it says.',
  ...more,
});

describe('headlines of NewsAPI', () => {
  it('are what there is to know of an article, and nothing of its text', async () => {
    articles = [article(1), article(2, { source: {}, publishedAt: '2026-11-19T09:30:00-05:00' })];
    expect(await newsApi().headlines(SEARCH, NEVER)).toEqual({
      complete: true,
      counted: 2,
      headlines: [
        {
          source: 'The Paper',
          title: 'Headline 1',
          url: 'https://paper.test/1',
          publishedAt: '2026-11-19T14:30:00.000Z',
        },
        {
          source: 'paper.test',
          title: 'Headline 2',
          url: 'https://paper.test/2',
          publishedAt: '2026-11-19T14:30:00.000Z',
        },
      ],
    });
    expect(stub.asked[0]!.query).toEqual({
      q: '"Apple Inc" OR AAPL',
      from: '2026-11-19T00:00:00',
      to: '2026-11-20T00:00:00',
      language: 'en',
      sortBy: 'publishedAt',
      pageSize: '100',
      page: '1',
    });
  });

  it('come from all pages that the plan shows, each once, and say whether they are all', async () => {
    articles = Array.from({ length: 230 }, (_, i) => article(i));
    // It was pushed onto the second page by a new one.
    articles[100] = article(99);
    const paid = await newsApi({ shownMax: 1_000 }).headlines(SEARCH, NEVER);
    expect(paid.complete).toBe(true);
    expect(paid.headlines.map(({ title }) => title)).toEqual([
      ...Array.from({ length: 100 }, (_, i) => `Headline ${i}`),
      ...Array.from({ length: 129 }, (_, i) => `Headline ${i + 101}`),
    ]);
    expect(stub.asked).toHaveLength(3);
    stub.clear();
    const free = await newsApi().headlines(SEARCH, NEVER);
    expect(free).toMatchObject({ complete: false, counted: 230 });
    expect(free.headlines).toHaveLength(100);
    expect(stub.asked).toHaveLength(1);
  });

  it('leave out what was taken back and what leads nowhere', async () => {
    articles = [
      article(1, { title: '[Removed]', url: 'https://removed.com' }),
      article(2, { title: null }),
      article(3, { url: 'javascript:alert(1)' }),
      article(4, { url: '' }),
      article(5),
    ];
    const { headlines } = await newsApi().headlines(SEARCH, NEVER);
    expect(headlines.map(({ title }) => title)).toEqual(['Headline 5']);
  });

  it('are none where nothing was written', async () => {
    expect(await newsApi().headlines(SEARCH, NEVER)).toEqual({ headlines: [], counted: 0, complete: true });
  });

  it.each([
    ['an error in the place of an answer', { status: 'error', code: 'x', message: 'y' }, 'status: '],
    [
      'an article without a time',
      { status: 'ok', totalResults: 1, articles: [article(1, { publishedAt: '' })] },
      'articles[0].publishedAt: ',
    ],
    ['fewer articles than it counts', { status: 'ok', totalResults: 300, articles: [] }, 'counts 300 articles'],
  ])('refuse %s', async (_, body, words) => {
    stub.mishaps({ body });
    await expect(newsApi().headlines(SEARCH, NEVER)).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it('say which setting to look at where the key is wrong or its plan too small', async () => {
    await expect(newsApi({ key: 'wrong' }).headlines(SEARCH, NEVER)).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining('Your API key is invalid'),
      nextStep: expect.stringContaining('FEEDS_NEWSAPI_KEY'),
    });
    const message = 'You have requested too many results. Developer accounts are limited to a max of 100 results.';
    stub.mishaps({ status: 426, body: { status: 'error', code: 'maximumResultsReached', message } });
    await expect(newsApi().headlines(SEARCH, NEVER)).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining(message),
      nextStep: expect.stringContaining('the plan of that key'),
    });
  });
});
