import { describe, expect, it } from '@jest/globals';
import type { Progress } from '@ballast/embedded';
import { ProgressView } from './progress.js';

const at = (day: number, stage: Progress['stage'], detail = ''): Progress => ({
  day,
  days: 2,
  asOf: '2017-06-30',
  stage,
  detail,
});

function sink(live: boolean) {
  const written: string[] = [];
  return { live, written, err: (text: string) => void written.push(text) };
}

describe('ProgressView', () => {
  it('says each stage once where nobody watches', () => {
    const to = sink(false);
    const view = new ProgressView(to);
    view.show(at(1, 'pricing', '250 symbols'));
    view.show(at(1, 'executing', '14:30'));
    view.show(at(1, 'executing', '14:40'));
    view.show(at(2, 'executing', '14:30'));
    view.end();
    expect(to.written.join('')).toBe(`\
day 1 of 2, 2017-06-30: pricing, 250 symbols
day 1 of 2, 2017-06-30: executing, 14:30
day 2 of 2, 2017-06-30: executing, 14:30
`);
  });

  it('writes one line over and over on a terminal, and takes it away at the end', () => {
    const to = sink(true);
    const view = new ProgressView(to);
    view.show({ ...at(1, 'starting'), days: 1, asOf: '' });
    view.show(at(1, 'executing', '14:40'));
    view.end();
    view.end();
    expect(to.written).toEqual([
      '\r\u001b[2Kstarting',
      '\r\u001b[2Kday 1 of 2, 2017-06-30: executing, 14:40',
      '\r\u001b[2K',
    ]);
  });
});
