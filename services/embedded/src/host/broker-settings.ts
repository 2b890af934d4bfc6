import { ConfigError, readConfig, SETTINGS } from '@ballast/paper-broker';
import { Fault } from '@ballast/platform';

/** What the host gives the paper broker by itself, whatever the environment says. */
const GIVEN = {
  DATABASE_URL: 'postgres://given-by-the-host',
  PAPER_BROKER_SECRET: 'given-by-the-host',
  PAPER_BROKER_PORT: '0',
  PAPER_BROKER_CLOCK: 'real',
};

/**
 * Refuses settings of the paper broker that cannot be meant, before anything is started: a switch with a wrong name would
 * be no switch at all.
 * @throws Fault PAPER_BROKER_CONFIG with every setting at fault and what is allowed.
 */
export function checkBrokerSettings(env: Readonly<Record<string, string | undefined>>): void {
  const switches = SETTINGS.filter((name) => !(name in GIVEN));
  const unknown = Object.keys(env)
    .filter((name) => name.startsWith('PAPER_BROKER_') && !SETTINGS.includes(name))
    .map((name) => `${name}: the paper broker has no such setting; it has ${switches.join(', ')}`);
  const faults = [...unknown, ...faultsOf(env)];
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `\n  ${fault}`).join('');
  throw new Fault('PAPER_BROKER_CONFIG', `The environment asks for what the paper broker cannot do.${lines}`);
}

function faultsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig({ ...env, ...GIVEN });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
