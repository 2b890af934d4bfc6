import { describe, expect, it } from '@jest/globals';
import { debianMirror } from './debian.js';
import { compareVersions } from './resolve.js';

describe('compareVersions', () => {
  it.each([
    ['2.9.25', '2.10.0', -1],
    ['2.10.0', '2.10.0', 0],
    ['2.10.27', '2.10.3', 1],
    ['2.12.0-RC.1', '2.12.0', 0],
    ['3.0.0', '2.99.99', 1],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
});

describe('debianMirror', () => {
  it('reads the deb822 form, past comments and other stanzas', () => {
    const text = [
      'Types: deb-src\nURIs: https://sources.example\nSuites: bookworm\nComponents: main',
      'Types: deb\n# URIs: https://old.example\nURIs: https://mirror.example/debian https://second.example\n' +
        'Suites: bookworm bookworm-updates\nComponents: main contrib',
    ].join('\n\n');
    expect(debianMirror([text], 'bookworm')).toBe('https://mirror.example/debian');
  });

  it('reads the one-line form with options', () => {
    const text =
      '# deb https://old.example bookworm main\ndeb [arch=amd64 trusted=no] https://mirror.example/debian bookworm main non-free\n';
    expect(debianMirror([text], 'bookworm')).toBe('https://mirror.example/debian');
  });

  it('takes no mirror of another archive or suite', () => {
    const vendor = 'deb https://vendor.example/apt vendor-bookworm main\n';
    const security = 'Types: deb\nURIs: https://security.example\nSuites: bookworm-security\nComponents: main\n';
    expect(debianMirror([vendor, security, ''], 'bookworm')).toBeNull();
  });
});
