import type { Command } from 'commander';
import { examine } from '../doctor/examine.js';
import type { Finding } from '../doctor/findings.js';
import { EXIT } from '../errors.js';
import { print } from '../output/document.js';
import { NOTHING, renderTable } from '../output/table.js';
import { hostFinder } from '../session.js';
import { addCommand, checked, type Cli, type OutputOption } from './command.js';

/** `ballast doctor`: what this machine has and lacks. */
export function doctorCommand(program: Command, cli: Cli): void {
  const { io } = cli;
  addCommand(
    program,
    'doctor',
    'Check what Ballast needs on this machine, with the next step for each fault; exit 9 on a fault.',
    ['doctor', 'doctor -o json'],
  ).action(async (raw: OutputOption) => {
    const { format } = checked('doctor', raw, () => null);
    const { resolveHome, runningHost } = await hostFinder();
    const home = resolveHome(io.env);
    const host = await runningHost(home);
    const findings = await examine({
      env: io.env,
      nodeVersion: process.versions.node,
      home,
      hostUrl: host ? host.url : null,
    });
    print(io, format, findings, () => renderFindings(findings));
    if (findings.some(({ state }) => state === 'fail')) cli.exit = EXIT.unavailable;
  });
}

/** One line a check. */
export const renderFindings = (findings: readonly Finding[]): string =>
  renderTable(
    [
      { title: 'CHECK', of: ({ check }) => check },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'FOUND', of: ({ detail }) => detail },
      { title: 'NEXT STEP', of: ({ nextStep }) => nextStep ?? NOTHING },
    ],
    findings,
  );
