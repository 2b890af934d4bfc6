import { describe, expect, it } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import { alertText, KNOWN_ALERTS, knownAlert, type KnownAlertCode } from './alerts.js';

const AT = '2026-11-20T14:30:00.000Z';

describe('alertText', () => {
  it('is one line with everything, numbers in a fixed order', () => {
    const alert = knownAlert('OUTBOX_STALLED', 'The oldest row waits', { limit_seconds: '60', age_seconds: '95' }, AT);
    expect(alertText(alert)).toBe(
      `${AT} CRITICAL OUTBOX_STALLED: The oldest row waits (age_seconds=95, limit_seconds=60). Next: ${KNOWN_ALERTS.OUTBOX_STALLED.nextStep}`,
    );
  });

  it('stays one line whatever is quoted in it', () => {
    const text = alertText(knownAlert('MESSAGE_PARKED', 'It said:\n\u001b[31mno\r\n', {}, AT));
    expect(text).toMatch(/^[^\p{Cc}]+$/u);
    expect(text).toContain('It said: [31mno . Next: ');
  });
});

describe('the known alerts', () => {
  it.each(Object.keys(KNOWN_ALERTS) as KnownAlertCode[])('%s makes an alert that the contract takes', (code) => {
    const alert = knownAlert(code, 'Something happened', { age_seconds: '1' }, AT);
    expect(AlertRaised.feeds.schema.parse(alert)).toEqual(alert);
  });
});
