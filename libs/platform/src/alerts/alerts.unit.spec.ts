import { describe, expect, it } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import { alertMessage, KNOWN_ALERTS, knownAlert, type KnownAlertCode } from './alerts.js';

const AT = '2026-11-20T14:30:00.000Z';

describe('the known alerts', () => {
  it.each(Object.keys(KNOWN_ALERTS) as KnownAlertCode[])('%s makes an alert that the contract takes', (code) => {
    const alert = knownAlert(code, 'Something happened', { age_seconds: '1' }, AT);
    expect(AlertRaised.feeds.schema.parse(alert)).toEqual(alert);
  });

  it('cut a text that is too long for a sentence', () => {
    expect(knownAlert('MESSAGE_PARKED', 'x'.repeat(5_000), {}, AT).message).toHaveLength(1_000);
  });
});

describe('alertMessage', () => {
  const message = (service: string, code: KnownAlertCode, episode: string): string =>
    alertMessage(service, { episode, alert: knownAlert(code, 'Something happened', {}, AT) }).eventId;

  it('has one id an episode, service and code', () => {
    expect(message('feeds', 'OUTBOX_STALLED', 'one')).toBe(message('feeds', 'OUTBOX_STALLED', 'one'));
    const ids = [
      message('feeds', 'OUTBOX_STALLED', 'one'),
      message('feeds', 'OUTBOX_STALLED', 'two'),
      message('feeds', 'GAP_UNFILLED', 'one'),
      message('tax', 'OUTBOX_STALLED', 'one'),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});
