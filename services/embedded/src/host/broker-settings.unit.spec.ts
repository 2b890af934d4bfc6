import { describe, expect, it } from '@jest/globals';
import { checkBrokerSettings } from './broker-settings.js';

const refusal = (env: Record<string, string>): { code: string; message: string } => {
  try {
    checkBrokerSettings(env);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('the settings were accepted');
};

describe('settings of the paper broker', () => {
  it('may be left out, or be what it can do', () => {
    checkBrokerSettings({ PATH: '/bin', DATABASE_URL: 'postgres://x', PAPER_BROKER_PORT: 'tcp://10.0.0.1:8080' });
    checkBrokerSettings({ PAPER_BROKER_IMPACT: 'propagator', PAPER_BROKER_BOOK: 'depth', PAPER_BROKER_FEES: 'us' });
  });

  it('are refused together, with what is allowed', () => {
    const { code, message } = refusal({ PAPER_BROKER_IMPACT: 'yes', PAPER_BROKER_LATENCY_MS: '80-20' });
    expect(code).toBe('PAPER_BROKER_CONFIG');
    expect(message).toMatch(/\n {2}PAPER_BROKER_IMPACT: .*"none"\|"almgren2005"\|"propagator"/);
    expect(message).toMatch(/\n {2}PAPER_BROKER_LATENCY_MS: .*a range up to 60000/);
  });

  it('are refused where no setting has that name, with those that there are', () => {
    expect(refusal({ PAPER_BROKER_IMPACTS: 'propagator' }).message).toMatch(
      /PAPER_BROKER_IMPACTS: the paper broker has no such setting; it has .*PAPER_BROKER_IMPACT,/,
    );
  });
});
