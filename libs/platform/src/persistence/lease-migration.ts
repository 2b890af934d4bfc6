import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who the active instance of a service is, and by which number: docs/adr/0018. The errcode is Superseded's,
 * which errors.ts counts among what may pass: the message is another instance's to handle.
 */
export class PlatformLease1763600001000 implements MigrationInterface {
  readonly name = 'PlatformLease1763600001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The epoch is raised by whoever becomes active. All instants are those of Postgres's clock.
      create table instance_lease (
        one        boolean primary key default true check (one),
        epoch      bigint not null,
        holder     text,
        taken_at   timestamptz(3),
        expires_at timestamptz(3)
      );
      insert into instance_lease (epoch) values (0);

      -- Begins a transaction of the inbox: it is the only one, and that of the newest epoch. Each statement in here sees
      -- what was committed before it began, so the epoch is looked at when the lock is held. An instance that has never
      -- been active has no epoch and no right to lose.
      create function take_turn(inbox_lock bigint, own_epoch bigint) returns void language plpgsql as $$
      declare newest bigint;
      begin
        perform pg_advisory_xact_lock(inbox_lock);
        select epoch into newest from instance_lease;
        if own_epoch <> newest then
          raise exception 'the epoch % of this instance is over: another one is active under %', own_epoch, newest
            using errcode = '55B01';
        end if;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function take_turn(bigint, bigint);
      drop table instance_lease;
    `);
  }
}
