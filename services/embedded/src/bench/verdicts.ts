import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  AccountOpened,
  approvedHashOf,
  keyOf,
  permitText,
  PlanApproved,
  sha256,
  subjectOf,
  uuid5,
  type DataOf,
  type EventType,
  type Family,
  type Instant,
  type Permit,
  type Trade,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { packRows, type Bus, type PackStore } from '@ballast/platform';

/** How long a verdict holds that is said here. */
const VALID_MS = 5 * 60_000;

/** Says what portfolio and risk would say, so that a gateway can be worked without the services before it. */
export class Verdicts {
  readonly #signingKey: KeyObject;
  readonly #keyId: string;
  readonly #sequences = new Map<string, number>();

  /** @param privateKeyFile PEM file of the key whose public half the gateway trusts. */
  constructor(
    private readonly bus: Bus,
    private readonly packs: PackStore,
    privateKeyFile: string,
  ) {
    this.#signingKey = createPrivateKey(readFileSync(privateKeyFile));
    const der = createPublicKey(this.#signingKey).export({ type: 'spki', format: 'der' });
    this.#keyId = sha256(der).slice(0, 16);
  }

  openAccount(account: string, cash: string, now: Instant): Promise<void> {
    const data = { portfolioId: account, account, mode: 'paper', currency: 'USD', cash, openedAt: now } as const;
    return this.#say(AccountOpened, data, now);
  }

  /** Approves these trades as a cycle of their own, signed. Returns the id of the cycle. */
  async approve(account: string, trades: readonly Trade[], now: Instant): Promise<string> {
    const cycleId = uuid5('verdict', account, this.#sequences.get(`${PlanApproved.type} ${account}`) ?? 0);
    const permit: Permit = {
      planHash: sha256(cycleId),
      approvedHash: approvedHashOf({ cycleId, account, trades }),
      account,
      limitsVersion: '1',
      expiresAt: addMilliseconds(now, VALID_MS),
      haltEpoch: 0,
      purpose: 'trade',
    };
    const none = await packRows(this.packs, []);
    const data = {
      ...permit,
      cycleId,
      portfolioId: account,
      origin: 'plan',
      checks: none,
      trims: none,
      judgedAt: now,
      trades: await packRows(this.packs, trades),
      keyId: this.#keyId,
      signature: sign(null, Buffer.from(permitText(permit)), this.#signingKey).toString('base64'),
    } as DataOf<typeof PlanApproved>;
    await this.#say(PlanApproved, data, now);
    return cycleId;
  }

  async #say<F extends Family, D>(type: EventType<F, D>, data: D, time: Instant): Promise<void> {
    const key = keyOf(type, data);
    const counted = `${type.type} ${key}`;
    const keyseq = (this.#sequences.get(counted) ?? 0) + 1;
    this.#sequences.set(counted, keyseq);
    const id = uuid5('verdict', counted, keyseq);
    const body = {
      specversion: '1.0',
      id,
      source: `/ballast/${type.family}`,
      type: type.type,
      subject: key,
      time,
      datacontenttype: 'application/json',
      correlationid: id,
      causationid: id,
      keyseq,
      data,
    };
    const message = { id, subject: subjectOf(type, key), body: JSON.stringify(body), headers: {} };
    await this.bus.publish([message]);
  }
}
