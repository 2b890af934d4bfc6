import { describe, expect, it } from '@jest/globals';
import { FILES, nameOf, textOf } from './repository.js';

const SECTIONS = [
  'Context and Problem Statement',
  'Considered Options',
  'Decision Outcome',
  'Consequences',
  'Confirmation',
];
const decisions = FILES.filter((path) => /^docs\/adr\/.*\.md$/.test(path) && !nameOf(path).startsWith('README'));
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'STYLE.md', 'CONTRIBUTING.md', 'KNOWN_LIMITS.md', 'LICENSE'];

/** The text of a section, up to the next heading. */
const section = (text: string, title: string): string | undefined =>
  new RegExp(`^#{2,3} ${title}\\n([\\s\\S]*?)(?=^#{1,3} |$(?![\\s\\S]))`, 'm').exec(text)?.[1];

describe('decisions', () => {
  it.each(decisions)('%s is in MADR form', (path) => {
    const text = textOf(path);
    expect(text).toMatch(new RegExp(`^# ${nameOf(path).slice(0, 4)}\\. \\S`));
    expect(text).toMatch(/^- Status: (proposed|accepted|rejected|deprecated|superseded by \d{4})$/m);
    expect(text).toMatch(/^- Date: \d{4}-\d{2}-\d{2}$/m);
    expect(SECTIONS.filter((title) => (section(text, title) ?? '').trim() === '')).toEqual([]);
  });

  it.each(decisions)('%s names the test that holds it', (path) => {
    const named = [
      ...(section(textOf(path), 'Confirmation') ?? '').matchAll(/`([^`\s]+\.(?:spec|conformance)\.ts)`/g),
    ].map((match) => match[1]!);
    const lost = named.filter((file) => !FILES.includes(file));
    expect(lost.map((file) => `${path}: the test ${file} does not exist`)).toEqual([]);
    expect(named.length > 0 ? '' : `${path}: Confirmation must name a test file by its path, in backquotes`).toBe('');
  });

  it('are numbered without gaps', () => {
    const numbers = decisions.map((path) => Number(nameOf(path).slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });
});

describe('documents', () => {
  it('are all there', () => {
    expect(DOCUMENTS.filter((path) => !FILES.includes(path))).toEqual([]);
  });

  it('the map in README.md names every folder at the top, every library and every service', () => {
    const readme = FILES.includes('README.md') ? textOf('README.md') : '';
    const folders = FILES.filter((path) => path.includes('/') && !path.startsWith('.'));
    const top = new Set(folders.map((path) => path.split('/')[0]!));
    const inner = new Set(
      folders.filter((path) => /^(libs|services)\/[^/]+\//.test(path)).map((path) => path.split('/')[1]!),
    );
    const missing = [...top, ...inner].filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
    expect(missing.map((name) => `README.md does not name ${name}`)).toEqual([]);
  });

  it('point only at files that exist', () => {
    const faults = FILES.filter((path) => path.endsWith('.md')).flatMap((path) =>
      [...textOf(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map((match) => match[1]!)
        .filter((link) => {
          const target = new URL(link, `file:///${path}`).pathname.slice(1).replace(/\/$/, '');
          return !FILES.includes(target) && !FILES.some((file) => file.startsWith(`${target}/`));
        })
        .map((link) => `${path}: the link to ${link} leads nowhere`),
    );
    expect(faults).toEqual([]);
  });
});
