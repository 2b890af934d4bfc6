import { uuid5 } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import type { DecideApproval } from '../messages.js';
import { acknowledgementFault } from './acknowledgement.js';
import { answer, shownState, type Approval } from './approval.js';

const NOW = '2026-11-20T14:30:00.000Z';
const HASH = 'a'.repeat(64);
const APPROVAL: Approval = {
  cycleId: uuid5('cycle'),
  portfolioId: 'main',
  approvedHash: HASH,
  expiresAt: '2026-11-20T14:40:00.000Z',
  state: 'pending',
};
const COMMAND: DecideApproval = {
  cycleId: APPROVAL.cycleId,
  decision: 'granted',
  approvedHash: HASH,
  by: 'mina',
  reason: 'looked at it',
};

describe('an approval', () => {
  it.each(['granted', 'declined'] as const)('is %s by a person for the list that was asked about', (decision) => {
    expect(answer(APPROVAL, { ...COMMAND, decision }, NOW)).toMatchObject({
      kind: 'taken',
      state: decision,
      fact: {
        type: { type: `console.approval.${decision}.v1` },
        key: 'main',
        data: { cycleId: APPROVAL.cycleId, approvedHash: HASH, by: 'mina', reason: 'looked at it' },
      },
    });
  });

  it.each<[string, Approval | null, Partial<DecideApproval>, string]>([
    ['was not asked for', null, {}, 'APPROVAL_NOT_REQUESTED'],
    ['was granted before', { ...APPROVAL, state: 'granted' }, {}, 'APPROVAL_DECIDED'],
    ['was declined before', { ...APPROVAL, state: 'declined' }, {}, 'APPROVAL_DECIDED'],
    ['belongs to a cycle that has ended', { ...APPROVAL, state: 'lapsed' }, {}, 'APPROVAL_LAPSED'],
    ['has expired', { ...APPROVAL, expiresAt: NOW }, {}, 'APPROVAL_EXPIRED'],
    ['is about another list', APPROVAL, { approvedHash: 'b'.repeat(64) }, 'APPROVAL_HASH_MISMATCH'],
  ])('does not count where it %s', (_, approval, more, code) => {
    expect(answer(approval, { ...COMMAND, ...more }, NOW)).toMatchObject({
      kind: 'refused',
      refusal: { status: 409, code },
    });
  });

  it('is shown as expired once nobody can answer', () => {
    expect(shownState(APPROVAL, NOW)).toBe('pending');
    expect(shownState(APPROVAL, APPROVAL.expiresAt)).toBe('expired');
    expect(shownState({ ...APPROVAL, state: 'granted' }, APPROVAL.expiresAt)).toBe('granted');
  });
});

describe('what a person asks for', () => {
  it('needs an alert that is open for an acknowledgement', () => {
    expect(acknowledgementFault('a', null)).toMatchObject({ code: 'ALERT_NOT_FOUND' });
    expect(acknowledgementFault('a', { acknowledgedAt: NOW, acknowledgedBy: 'mina' })).toMatchObject({
      code: 'ALERT_ACKNOWLEDGED',
    });
    expect(acknowledgementFault('a', { acknowledgedAt: null, acknowledgedBy: null })).toBeNull();
  });
});
