import { FAMILIES, familyFilter, familyOf } from '@ballast/contracts';
import { Fault } from '../errors.js';
import { EVENTS_STREAM } from './provision.js';
import { TICK_SUBJECTS, TICKS_WRITER } from './ticks.js';

/** The user that may use the whole JetStream API; it publishes no events. */
export const PROVISIONER = 'provisioner';

/** A password as it stands, or the name of an environment variable that the server reads it from. */
export type Password = { readonly text: string } | { readonly env: string };

export interface PermissionsOptions {
  /** The password of each user, by its name: every service of the registry, `provisioner`, and each `ext-<id>`. */
  readonly passwords: (user: string) => Password;
  /** The outside parties that may publish under `ext.<id>.>`, by id. */
  readonly ext?: readonly string[];
  readonly stream?: string;
}

/** What one user may do on the bus. */
export interface BusPermissions {
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The services that have a user on the bus: the owners of the registry's families, in its order. */
export const BUS_SERVICES: readonly string[] = [...new Set<string>(Object.values(FAMILIES))];

/**
 * What a service may do: say its own family (feeds: publish ticks too), read its own durable, and hear its private inbox and the control
 * subjects. It may not create anything: `Provisioner` does.
 */
export function servicePermissions(service: string, stream: string = EVENTS_STREAM): BusPermissions {
  const family = familyOf(service);
  return {
    user: service,
    publish: [
      ...(family === null ? [] : [familyFilter(family)]),
      ...(service === TICKS_WRITER ? TICK_SUBJECTS : []),
      `$JS.API.STREAM.INFO.${stream}`,
      `$JS.API.CONSUMER.INFO.${stream}.${service}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${service}`,
      `$JS.ACK.${stream}.${service}.>`,
      'ctl.>',
    ],
    subscribe: [`_INBOX_${service}.>`, 'ctl.>'],
  };
}

/**
 * The `authorization` block of a nats-server configuration: one user a service, the provisioner, and a user
 * `ext-<id>` for each outside party. Whoever is not listed may not connect.
 * @throws Fault `PERMISSIONS_UNWRITABLE` where a name or a password cannot be written into the file.
 */
export function authorizationConfig(options: PermissionsOptions): string {
  const users: BusPermissions[] = [
    ...BUS_SERVICES.map((service) => servicePermissions(service, options.stream)),
    { user: PROVISIONER, publish: ['$JS.API.>', 'ctl.>'], subscribe: [`_INBOX_${PROVISIONER}.>`, 'ctl.>'] },
    ...(options.ext ?? []).map((id) => {
      if (!/^[A-Za-z0-9_-]+$/.test(id)) throw unwritable(`the id "${id}" of an outside party`);
      return { user: `ext-${id}`, publish: [`ext.${id}.>`], subscribe: [`_INBOX_ext-${id}.>`] };
    }),
  ];
  return ['authorization {', '  users: [', ...users.flatMap((user) => userLines(user, options)), '  ]', '}', ''].join(
    '\n',
  );
}

function userLines({ user, publish, subscribe }: BusPermissions, options: PermissionsOptions): string[] {
  const list = (subjects: readonly string[]): string => subjects.map((subject) => `"${subject}"`).join(', ');
  return [
    '    {',
    `      user: "${user}"`,
    `      password: ${passwordText(user, options.passwords(user))}`,
    '      permissions: {',
    `        publish: { allow: [${list(publish)}] }`,
    `        subscribe: { allow: [${list(subscribe)}] }`,
    '      }',
    '    }',
  ];
}

function passwordText(user: string, password: Password): string {
  if ('env' in password) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(password.env)) throw unwritable(`the variable of ${user}'s password`);
    return `$${password.env}`;
  }
  // No quotes, backslashes or line ends: they could close the string and write another user's permissions.
  if (!/^[\x21\x23-\x5b\x5d-\x7e]{8,}$/.test(password.text)) throw unwritable(`the password of ${user}`);
  return `"${password.text}"`;
}

const unwritable = (what: string): Fault =>
  new Fault(
    'PERMISSIONS_UNWRITABLE',
    `${what} cannot be written into the server's configuration; use letters, digits, - and _ (passwords: 8 or more)`,
  );

/** The environment variable that the deployed configuration reads a user's password from. */
export const passwordVariable = (user: string): string => `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;

/**
 * The configuration file of a deployed server, kept in `deploy/nats/nats.conf.template`: passwords come from the
 * environment, the store lies on the volume `/data`, and a write is synced before it is acknowledged.
 */
export function deployedConfig(): string {
  return [
    '# Generated from the registry of contracts by libs/platform/src/bus/permissions.ts; a test compares it.',
    '# Passwords come from the environment, see README.md beside this file.',
    'port: 4222',
    'http_port: 8222',
    'server_name: $NATS_SERVER_NAME',
    'max_payload: 1MB',
    'jetstream {',
    '  store_dir: "/data"',
    '  max_file_store: 16GB',
    '  sync_interval: always',
    '}',
    authorizationConfig({ passwords: (user) => ({ env: passwordVariable(user) }) }),
  ].join('\n');
}
