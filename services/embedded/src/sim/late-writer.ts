import { AlertRaised, canonicalJson, subjectOf, uuid5, type Family } from '@ballast/contracts';
import type { Rng } from '@ballast/kernel/random';
import { schemaOf } from '@ballast/platform';
import type { Actor, Simulation, Step } from '@ballast/testing';
import pg from 'pg';

/** Whose outbox the second writer writes to, with the family that it speaks in. */
const WRITERS: readonly (readonly [string, Family])[] = [
  ['execution-gateway', 'execution'],
  ['portfolio', 'portfolio'],
  ['orchestrator', 'orchestrator'],
  ['feeds', 'feeds'],
];

/**
 * A second writer in a service's schema, as a bulk import is one: its transaction takes its
 * place in the outbox early and commits late, with rows of younger transactions published meanwhile.
 */
export class LateWriter implements Actor {
  readonly name = 'late writer';
  readonly #client: pg.Client;
  readonly #service: string;
  readonly #family: Family;
  readonly #begin: number;
  #left: number;
  #written = 0;
  #open = false;
  #connected = false;
  #commitAfter = 0;

  constructor(
    private readonly sim: Simulation,
    databaseUrl: (service: string) => string,
    private readonly random: Rng,
  ) {
    [this.#service, this.#family] = random.pick(WRITERS);
    this.#left = random.int(2) === 0 ? 1 + random.int(3) : 0;
    this.#begin = 20 + random.int(100);
    const schema = schemaOf(this.#service);
    this.#client = new pg.Client({ connectionString: databaseUrl(this.#service), options: `-c search_path=${schema}` });
  }

  nextDue(): null {
    return null;
  }

  heal(): void {
    this.#left = 0;
    this.#commitAfter = 0;
  }

  steps(): readonly Step[] {
    const { steps } = this.sim.counts;
    const touches = [this.#service];
    if (this.#open) {
      const weight = steps >= this.#commitAfter ? 2 : 0.2;
      return [{ label: `the late writer of ${this.#service} commits`, weight, touches, take: () => this.#commit() }];
    }
    if (this.#left === 0 || steps < this.#begin || !this.sim.running(this.#service)) return [];
    return [{ label: `a late writer of ${this.#service} begins`, weight: 0.5, touches, take: () => this.#write() }];
  }

  async close(): Promise<void> {
    if (this.#connected) await this.#client.end();
  }

  async #write(): Promise<void> {
    if (!this.#connected) await this.#client.connect();
    this.#connected = true;
    this.#left--;
    this.#written++;
    this.#open = true;
    this.#commitAfter = this.sim.counts.steps + 5 + this.random.int(40);
    await this.#client.query('begin');
    await this.#append(`LATE_WRITER_${this.#written}`);
  }

  async #append(code: string): Promise<void> {
    const at = this.sim.clock.now();
    const type = AlertRaised[this.#family];
    const eventId = uuid5('late-writer', this.#service, code);
    const noun = `${this.#family}.alert`;
    const data = { code, severity: 'info', message: 'a bulk import says so', numbers: {}, nextStep: 'none', at };
    const body = {
      ...{
        specversion: '1.0',
        id: eventId,
        source: `/ballast/${this.#service}`,
        type: type.type,
        subject: code,
        time: at,
      },
      ...{ datacontenttype: 'application/json', correlationid: eventId, causationid: eventId, keyseq: 1, data },
    };
    await this.#client.query(`insert into key_counter (noun, key, seq) values ($1, $2, 1)`, [noun, code]);
    await this.#client.query(
      `insert into outbox (event_id, noun, key, key_seq, subject, body, headers) values ($1, $2, $3, 1, $4, $5, '{}')`,
      [eventId, noun, code, subjectOf(type, code), canonicalJson(body)],
    );
  }

  async #commit(): Promise<void> {
    this.#open = false;
    await this.#client.query('commit');
  }
}
