import { describe, expect, it } from '@jest/globals';
import { nounFilter, REGISTRY } from '@ballast/contracts';
import { filtersHeardBy } from '@ballast/platform';
import { STAND_INS, WITNESS } from './company.js';

describe('the witness', () => {
  it('hears every noun of which the gateway says anything', () => {
    const said = [...REGISTRY.values()].filter(({ family }) => family === 'execution').map(nounFilter);
    const witness = STAND_INS.find(({ name }) => name === WITNESS)!;
    expect(filtersHeardBy(witness)).toEqual([...new Set(said)].sort());
  });
});
