import { connect } from '@nats-io/transport-node';
import { Fault, loadConfig, messageOf, PlatformConfig, PROVISIONER, Provisioner } from '@ballast/platform';
import { DURABLES, ensureAll } from './host/durables.js';

/** What the provisioner's process reads. */
const ProvisionerConfig = PlatformConfig.pick({ NATS_URL: true, NATS_USER: true, NATS_PASSWORD: true });

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Makes the stream and every durable, says what it did, and ends. With `--keep` it stays
 * until SIGTERM, and makes a durable anew where a service asks because it was lost.
 */
async function main(): Promise<void> {
  const config = loadConfig(ProvisionerConfig, process.env, PROVISIONER);
  const keep = process.argv.includes('--keep');
  const connection = await connect({
    servers: config.NATS_URL,
    name: PROVISIONER,
    user: config.NATS_USER ?? PROVISIONER,
    inboxPrefix: `_INBOX_${PROVISIONER}`,
    maxReconnectAttempts: -1,
    ...(config.NATS_PASSWORD ? { pass: config.NATS_PASSWORD.reveal() } : {}),
  }).catch((error: unknown) => {
    const { host } = new URL(config.NATS_URL);
    throw new Fault(
      'NATS_UNREACHABLE',
      `no NATS server takes the connection at ${host} (${messageOf(error)}); start it, or correct NATS_URL, NATS_USER and NATS_PASSWORD`,
    );
  });
  try {
    const provisioner = await Provisioner.over(connection);
    for (const [name, outcome] of await ensureAll(provisioner)) say(`${name}: ${outcome}`);
    if (!keep) return;
    provisioner.answer(DURABLES, (durable, error) => say(`${durable} could not be made: ${messageOf(error)}`));
    say('waiting for services that ask for their durable');
    await new Promise<void>((stop) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
    });
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
