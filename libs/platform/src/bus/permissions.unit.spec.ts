import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  authorizationConfig,
  BUS_SERVICES,
  deployedConfig,
  passwordVariable,
  servicePermissions,
} from './permissions.js';

describe('permissions of the bus', () => {
  it('lets one writer say a family, and gives every service a durable of its own only', () => {
    const all = BUS_SERVICES.map((service) => servicePermissions(service));
    const families = all.flatMap(({ publish }) =>
      publish.filter((subject) => /^[a-z]+\.>$/.test(subject) && subject !== 'ctl.>'),
    );
    expect(new Set(families).size).toBe(families.length);
    for (const { user, publish } of all) {
      const api = publish.filter(
        (subject) => subject.startsWith('$JS.') && !subject.startsWith('$JS.API.STREAM.INFO.'),
      );
      expect(api.every((subject) => subject.split('.').includes(user))).toBe(true);
    }
  });

  it('lets feeds alone publish ticks', () => {
    const writers = BUS_SERVICES.filter((service) => servicePermissions(service).publish.includes('ticks.>'));
    expect(writers).toEqual(['feeds']);
  });

  it.each(['short', 'with "quote" inside', 'back\\slash-back', 'line\nend-of-it', ''])(
    'refuses the password %j',
    (text) => {
      expect(() => authorizationConfig({ passwords: () => ({ text }) })).toThrow('cannot be written');
    },
  );

  it.each(['a.b', '>', 'two words', ''])('refuses the outside party %j', (id) => {
    expect(() => authorizationConfig({ passwords: () => ({ text: 'long-enough' }), ext: [id] })).toThrow(
      'cannot be written',
    );
  });

  it('is what deploy/nats/nats.conf.template holds', () => {
    const template = resolve('deploy/nats/nats.conf.template');
    expect(readFileSync(template, 'utf8')).toBe(deployedConfig());
  });

  it('names a variable for each password', () => {
    expect(passwordVariable('risk-guardrails')).toBe('NATS_PASSWORD_RISK_GUARDRAILS');
  });
});
