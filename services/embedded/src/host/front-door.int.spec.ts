import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@ballast/platform';
import { FrontDoor } from './front-door.js';

const TOKEN = 'a-token-of-some-length';

describe('what the host answers itself', () => {
  let door: FrontDoor;
  beforeEach(async () => {
    const missing = { code: 'CYCLE_NOT_FOUND', detail: 'There is none.', nextStep: 'List them.' };
    const answer = (subject: string) => Promise.resolve(subject === 'known' ? { subject } : null);
    door = new FrontDoor(() => [], new Secret(TOKEN), [{ method: 'POST', path: /^\/own\/(\w+)$/, answer, missing }]);
    await door.listen(0, '127.0.0.1');
  });
  afterEach(() => door.close());

  const post = async (path: string, token = TOKEN): Promise<[number, Record<string, unknown>]> => {
    const headers = { authorization: `Bearer ${token}`, connection: 'close' };
    const answer = await fetch(`${door.url}${path}`, { method: 'POST', headers });
    return [answer.status, (await answer.json()) as Record<string, unknown>];
  };

  it('answers what is there, and with the route’s own code what is not', async () => {
    expect(await post('/own/known')).toEqual([200, { subject: 'known' }]);
    expect(await post('/own/other')).toMatchObject([404, { code: 'CYCLE_NOT_FOUND', nextStep: 'List them.' }]);
  });

  it('asks for the token, and knows no other path', async () => {
    expect(await post('/own/known', 'wrong')).toMatchObject([401, { code: 'UNAUTHORIZED' }]);
    expect(await post('/elsewhere')).toMatchObject([404, { code: 'ROUTE_NOT_FOUND' }]);
  });

  it('says that a port is taken and what to do', async () => {
    const second = new FrontDoor(() => [], new Secret(TOKEN), []);
    await expect(second.listen(Number(new URL(door.url).port), '127.0.0.1')).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
  });
});
