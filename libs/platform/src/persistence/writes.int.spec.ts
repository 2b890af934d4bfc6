// Writes that nobody waits for, on a real Postgres: what a later read sees, and what is left of them when one fails.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { local } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { defineService, On, type InboxContext } from '../index.js';
import { inTransaction } from './writes.js';

class Notes1763600100000 implements MigrationInterface {
  readonly name = 'Notes1763600100000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table note (place bigint generated always as identity, name text primary key, amount numeric, detail json, at timestamptz(3))`,
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table note`);
  }
}

const Note = local('command.note', z.object({ name: z.string(), how: z.enum(['insert', 'write', 'merge', 'throw']) }));
type Note = z.infer<typeof Note.schema>;

const PUT_NOTES = `insert into note (name, amount) select name, amount from json_populate_recordset(null::note, $1)
  on conflict (name) do update set amount = excluded.amount`;

/** How many notes were merged. */
let merged = 0;

/** How many notes each handler saw before its own, in the order in which they ran. */
const seen: number[] = [];

@Controller()
class OnNote {
  @On(Note)
  async handle(
    @Payload() { data: { name, how } }: { data: Note },
    @Ctx() ctx: InboxContext<'allocator'>,
  ): Promise<void> {
    // Taken before anything is written: it must see the rows of the messages before all the same.
    const { tx } = ctx;
    if (how === 'merge') return ctx.merge(PUT_NOTES, [[name, { name, amount: `${++merged}` }]]);
    if (how === 'write') ctx.write(`insert into note (name) values ($1)`, [name]);
    else ctx.insert('note', [{ name, amount: '1.10', detail: { nested: [1] }, at: ctx.now }]);
    if (how === 'throw') throw new Error('not today');
    const [row] = await tx.query<{ n: number }[]>(`select count(*) as n from note`);
    seen.push(row!.n - 1);
    ctx.reply({ name });
  }
}

const notes = defineService({
  name: 'allocator',
  config: z.object({}),
  entities: [],
  migrations: [Notes1763600100000],
  controllers: [OnNote],
});

describe('writes that are sent ahead', () => {
  let bench: Bench;
  const kept = async (): Promise<string[]> =>
    (await bench.service.dataSource.query<{ name: string }[]>(`select name from note order by place`)).map(
      ({ name }) => name,
    );
  /** Brings notes in together, so that they are one batch. */
  const tellAll = (...all: Note[]) => Promise.all(all.map((note) => bench.tell(Note, note.name, note)));

  beforeEach(async () => {
    seen.length = 0;
    merged = 0;
    bench = await benchOf(notes);
  });
  afterEach(() => bench.close());

  it('that are merged leave together, and of a key only the last', async () => {
    const merge = (name: string): Note => ({ name, how: 'merge' });
    await tellAll(merge('a'), merge('b'), merge('a'), { name: 'c', how: 'insert' }, merge('b'));
    expect(seen).toEqual([2]);
    expect(await kept()).toEqual(['a', 'b', 'c']);
    const rows = await bench.service.dataSource.query<{ amount: string }[]>(`select amount from note order by name`);
    expect(rows.map(({ amount }) => amount)).toEqual(['3', '4', '1.10']);
  });

  it('are seen by what is read later, within a message and after it, and keep their order', async () => {
    await tellAll({ name: 'a', how: 'insert' }, { name: 'b', how: 'write' }, { name: 'c', how: 'insert' });
    expect(seen).toEqual([0, 1, 2]);
    expect(await kept()).toEqual(['a', 'b', 'c']);
    const [row] = await bench.service.dataSource.query<object[]>(`select amount, detail, at from note`);
    expect(row).toEqual({ amount: '1.10', detail: { nested: [1] }, at: '2024-03-04T15:00:00.000Z' });
  });

  it.each(['insert', 'write'] as const)(
    'park the message whose %s fails, with the reason, and no neighbour',
    async (how) => {
      await tellAll({ name: 'a', how: 'insert' });
      const outcomes = await tellAll({ name: 'b', how: 'insert' }, { name: 'a', how }, { name: 'c', how: 'insert' });
      expect(outcomes.map(({ status }) => status)).toEqual(['handled', 'parked', 'handled']);
      expect(outcomes[1]).toMatchObject({ error: expect.stringContaining('duplicate key value') });
      expect(await kept()).toEqual(['a', 'b', 'c']);
    },
  );

  it('are undone where the handler throws', async () => {
    const outcomes = await tellAll({ name: 'a', how: 'throw' });
    expect(outcomes).toMatchObject([{ status: 'parked', error: 'not today' }]);
    expect(await kept()).toEqual([]);
  });

  it('keep nothing where the last of them fails while the commit is on its way', async () => {
    const { dataSource } = bench.service;
    const work = inTransaction(dataSource, (_tx, writes) => {
      writes.insert('note', [{ name: 'a' }]);
      writes.send(`insert into note (name) values ($1)`, ['a']);
      return Promise.resolve();
    });
    await expect(work).rejects.toThrow('duplicate key value');
    expect(await kept()).toEqual([]);
    // The connection went back to the pool whole.
    await inTransaction(dataSource, (_tx, writes) => Promise.resolve(writes.insert('note', [{ name: 'b' }])));
    expect(await kept()).toEqual(['b']);
  });

  it('keep nothing where what is awaited before the commit throws', async () => {
    const work = inTransaction(
      bench.service.dataSource,
      (_tx, writes) => Promise.resolve(writes.insert('note', [{ name: 'a' }])),
      () => Promise.reject(new Error('killed')),
    );
    await expect(work).rejects.toThrow('killed');
    expect(await kept()).toEqual([]);
  });
});
