import { AlertRaised } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consoleService } from '../module.js';

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(consoleService);
});
afterAll(() => bench.close());

const PATH = '/api/v1/alerts/stream-usage';

describe('a stream that is nearly full', () => {
  it('is an alert with its numbers and the way out, once a report', async () => {
    const usage = { limit: 'max_bytes', used: 900, max: 1_000 };
    expect(await bench.post(PATH, usage, 'u1')).toMatchObject({ status: 200, body: { raised: true } });
    await bench.post(PATH, usage, 'u1');
    const raised = await bench.said(AlertRaised.console);
    expect(raised).toHaveLength(1);
    expect(raised[0]).toMatchObject({
      code: 'STREAM_NEARLY_FULL',
      severity: 'warning',
      numbers: { limit: 'max_bytes', used: '900', max: '1000', percent: '90' },
    });
    expect(raised[0]!.nextStep).toContain('purge');
  });

  it('is refused where the report names no limit that there is', async () => {
    const { status, body } = await bench.post(PATH, { limit: 'max_hope', used: 1, max: 2 }, 'u2');
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field: 'limit' }] });
  });
});
