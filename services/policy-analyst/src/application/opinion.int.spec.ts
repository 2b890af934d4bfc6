import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpinionRecorded, sha256, TextReceived } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { policyAnalyst } from '../module.js';

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(policyAnalyst);
});
afterAll(() => bench.close());

const hear = (sourceId: string, body: string, publishedAt = '2024-03-01T15:00:00.000Z') =>
  bench.hear(TextReceived, { textId: sha256(body), sourceId, title: 'Statement', body, publishedAt });

describe('a policy text', () => {
  it('gets one opinion, however often its source sends it', async () => {
    const body = 'Inflation is rising. Prices are high. The meeting ended.';
    await hear('fed', body);
    await hear('fed', body);
    expect(await bench.said(OpinionRecorded)).toEqual([
      {
        sourceId: 'fed',
        textId: sha256(body),
        stance: 'hawkish',
        index: 1,
        sentences: { hawkish: 2, dovish: 0, neutral: 1 },
        method: 'dictionary',
        publishedAt: '2024-03-01T15:00:00.000Z',
      },
    ]);
    expect(await bench.audited()).toEqual(['opinion.recorded']);
  });

  it('is listed by when it was published, page by page', async () => {
    await hear('ecb', 'Inflation fell.', '2024-03-02T15:00:00.000Z');
    await hear('ecb', 'Good morning.', '2024-03-02T15:00:00.000Z');
    const first = (await bench.get('/api/v1/opinions?limit=2')).body as { items: object[]; next: string };
    expect(first.items).toHaveLength(2);
    expect((await bench.get(`/api/v1/opinions?limit=2&after=${first.next}`)).body).toMatchObject({
      items: [{ sourceId: 'fed', stance: 'hawkish' }],
      next: null,
    });
    expect((await bench.get('/api/v1/opinions?source=ecb&stance=dovish')).body).toMatchObject({
      items: [{ stance: 'dovish', index: -1, recordedAt: bench.clock.now() }],
    });
    expect(await bench.get('/api/v1/opinions?after=nonsense')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'after' }] },
    });
  });
});
