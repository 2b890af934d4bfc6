import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { CliError, EXIT } from '../errors.js';
import { person, uuid } from '../options/values.js';
import { print } from '../output/document.js';
import { columnsOf, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { serviceClient, withSession, type Session } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

interface OneFlags extends BookOption {
  readonly service?: string;
  readonly by?: string;
}

const COLUMNS = columnsOf({
  SERVICE: 'service',
  MESSAGE: 'eventId',
  TYPE: 'type',
  KEY: 'key',
  CODE: 'code',
  PARKED: 'parkedAt',
  'WAITING BEHIND': 'waiting',
  RESOLUTION: 'resolution',
  ERROR: 'error',
});

/** `ballast dlq …`: messages that a service could not handle, and what to do about them. */
export function dlqCommands(program: Command, cli: Cli): void {
  const { io } = cli;
  const noun = addNoun(program, 'dlq', 'Messages that could not be handled and wait for a person.', [
    'dlq list',
    'dlq show 7c9e…',
    'dlq replay 7c9e…',
  ]);
  addBookCommand(noun, 'list', 'List parked messages of all services.', ['dlq list', 'dlq list -o json']).action(
    async (raw: BookOption) => {
      const { format, book } = checkedBook('dlq list', raw, () => null);
      const rows = await withSession(io, { book }, listAll);
      print(io, format, rows, () => renderTable(COLUMNS, rows, 'nothing is parked'));
    },
  );
  addBookCommand(noun, 'show <id>', 'Show one parked message with its body and its error.', ['dlq show 7c9e…'])
    .option('--service <name>', 'the service that parked it, where several did')
    .action(async (id: string, raw: OneFlags) => {
      const { format, book } = checkedBook('dlq show', raw, (faults) => uuid(faults, '<id>', id));
      const row = await withSession(io, { book }, async (session) =>
        (await ownerOf(session, id, raw.service)).get(`/ops/dead-letters/${id}`),
      );
      print(io, format, row, () => renderRecord(row));
    });
  for (const [verb, description] of [
    ['replay', 'Handle a parked message again, then what waits behind it.'],
    ['skip', 'Leave a parked message out for good, and go on with what waits behind it.'],
  ] as const) {
    addBookCommand(noun, `${verb} <id>`, description, [`dlq ${verb} 7c9e…`])
      .option('--service <name>', 'the service that parked it, where several did')
      .option('--by <name>', 'who decides; your user name by default')
      .action(async (id: string, raw: OneFlags) => {
        const { format, book, value } = checkedBook(`dlq ${verb}`, raw, (faults) => ({
          id: uuid(faults, '<id>', id),
          by: person(faults, '--by', raw.by ?? io.user),
        }));
        const outcome = await withSession(io, { book }, async (session) =>
          (await ownerOf(session, id, raw.service)).post(`/ops/dead-letters/${id}/${verb}`, { by: value.by }),
        );
        print(io, format, outcome, () => renderRecord(outcome));
        // A message that fails again is parked again: what was asked for was not reached.
        if (outcome['status'] === 'parked' || outcome['status'] === 'retry') cli.exit = EXIT.failure;
      });
  }
}

async function listAll(session: Session): Promise<Json[]> {
  const rows: Json[] = [];
  for (const service of Object.keys(session.services).sort()) {
    const client = await serviceClient(session, service);
    const parked = await client.list('/ops/dead-letters');
    rows.push(...parked.map((row) => ({ service, ...row })));
  }
  return rows;
}

/** Finds the service that parked a message; an event that several heard can be parked by several. */
async function ownerOf(session: Session, id: string, named: string | undefined): Promise<Client> {
  if (named !== undefined) return serviceClient(session, named);
  const owners: string[] = [];
  for (const service of Object.keys(session.services).sort()) {
    const client = await serviceClient(session, service);
    if (await client.find(`/ops/dead-letters/${id}`)) owners.push(service);
  }
  const [owner] = owners;
  if (owner !== undefined && owners.length === 1) return serviceClient(session, owner);
  throw new CliError({
    code: owner === undefined ? 'DEAD_LETTER_NOT_FOUND' : 'DEAD_LETTER_AMBIGUOUS',
    what:
      owner === undefined
        ? `No service has parked a message ${id}.`
        : `Several services parked ${id}: ${owners.join(', ')}.`,
    nextStep:
      owner === undefined
        ? 'List what is parked with "ballast dlq list".'
        : `Name one of them with --service, e.g. --service ${owner}.`,
    exit: EXIT.failure,
  });
}
