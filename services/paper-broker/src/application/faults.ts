import type { IncomingHttpHeaders } from 'node:http';
import type { Instant } from '@ballast/kernel/calendar';
import { rng } from '@ballast/kernel/random';
import { invalid, isRefusal } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';

/** What can go wrong with a request. `lose-*` drop the connection; `accept-after` drops it and does it later. */
const REQUEST_FAULTS = ['lose-request', 'lose-answer', '5xx-after-accept', 'rate-limit'] as const;
/** Those that take a time: `answer-after-ms=30000`. */
const DELAY_FAULTS = ['answer-after-ms', 'accept-after-ms'] as const;
/** What can go wrong with a frame of the stream. */
const STREAM_FAULTS = ['stream-duplicate', 'stream-reorder', 'stream-drop', 'stream-disconnect'] as const;

export type StreamFault = (typeof STREAM_FAULTS)[number];
export type RequestFault = (typeof REQUEST_FAULTS)[number] | (typeof DELAY_FAULTS)[number];

export interface Fault {
  readonly name: RequestFault | StreamFault;
  /** Of the faults that take a time, in ms; zero for the others. */
  readonly delayMs: number;
}

export interface FaultRate {
  readonly fault: Fault;
  /** Of each request or frame, from 0 to 1. */
  readonly probability: number;
}

export interface FaultRules {
  readonly enabled: boolean;
  readonly rates: readonly FaultRate[];
  readonly seed: string;
}

/** One fault that happened. */
export interface Happened {
  readonly at: Instant;
  readonly fault: string;
  readonly why: 'header' | 'armed' | 'configured';
  /** The request's method and path, or the account and number of the frame. */
  readonly what: string;
}

const HEADER = 'x-sim-fault';
/** A day: later than any client waits. */
const DELAY_MS_MAX = 86_400_000;
/** Faults that are listed one by one; older ones are only counted. */
const LISTED_MAX = 1_000;
/** Faults that can be armed at once. */
export const ARMED_MAX = 10_000;

const NAMES: readonly string[] = [...REQUEST_FAULTS, ...DELAY_FAULTS.map((name) => `${name}=…`), ...STREAM_FAULTS];

/** Reads `lose-answer`, `answer-after-ms=30000` or `stream-drop`; a refusal names what there is. */
export function parseFault(text: string): Fault | Refusal {
  const [name, value, ...rest] = text.split('=');
  if (value === undefined) {
    const plain = [...REQUEST_FAULTS, ...STREAM_FAULTS].find((each) => each === name);
    return plain ? { name: plain, delayMs: 0 } : invalid(`a fault must be one of ${NAMES.join(', ')}, not "${text}"`);
  }
  const delayed = DELAY_FAULTS.find((each) => each === name);
  if (!delayed || rest.length > 0) return invalid(`a fault must be one of ${NAMES.join(', ')}, not "${text}"`);
  const delayMs = /^\d{1,8}$/.test(value) ? Number(value) : Number.NaN;
  if (!(delayMs <= DELAY_MS_MAX)) return invalid(`${delayed} must be a whole number from 0 to ${DELAY_MS_MAX}`);
  return { name: delayed, delayMs };
}

/** How a fault is written. */
export function faultText({ name, delayMs }: Fault): string {
  return DELAY_FAULTS.some((each) => each === name) ? `${name}=${delayMs}` : name;
}

export const isStreamFault = ({ name }: Fault): boolean => STREAM_FAULTS.some((each) => each === name);

/**
 * Decides which request or frame goes wrong: one that a header asks for, the next one of those that were armed, or one that
 * the seed picks by the configured probabilities. Every fault is counted and the last thousand are listed, as long as the
 * process lives. The n-th request of a process and the n-th frame of an account always draw the same.
 */
export class FaultMenu {
  private readonly counts = new Map<string, number>();
  private readonly happened: Happened[] = [];
  private readonly armed: Fault[] = [];
  private requests = 0;

  constructor(
    private readonly rules: FaultRules,
    private readonly now: () => Instant,
  ) {}

  get enabled(): boolean {
    return this.rules.enabled;
  }

  /** The fault of a request, or null. A header with a fault that does not exist is refused: its test would prove nothing. */
  forRequest(headers: IncomingHttpHeaders, what: string): Fault | Refusal | null {
    if (!this.rules.enabled) return null;
    const asked = headers[HEADER];
    if (asked !== undefined) {
      const fault = parseFault(String(asked));
      if (isRefusal(fault)) return fault;
      if (isStreamFault(fault)) return invalid(`${fault.name} is a fault of the stream: arm it by POST /sim/faults`);
      return this.note(fault, 'header', what);
    }
    this.requests += 1;
    return this.next((fault) => !isStreamFault(fault), `request ${this.requests}`, what);
  }

  /** The fault of a frame of the stream, or null. */
  forFrame(account: string, frame: number): Fault | null {
    if (!this.rules.enabled) return null;
    return this.next(isStreamFault, `frame ${account} ${frame}`, `frame ${frame} of ${account}`);
  }

  /** Lets the next `count` requests or frames go wrong. */
  arm(fault: Fault, count: number): void {
    for (let i = 0; i < count && this.armed.length < ARMED_MAX; i += 1) this.armed.push(fault);
  }

  /** What happened so far and what is to come. */
  report(): object {
    return {
      enabled: this.rules.enabled,
      seed: this.rules.seed,
      rates: this.rules.rates.map(({ fault, probability }) => ({ fault: faultText(fault), probability })),
      armed: this.armed.map(faultText),
      counts: Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
      happened: this.happened,
    };
  }

  private next(fits: (fault: Fault) => boolean, draw: string, what: string): Fault | null {
    const armed = this.armed.findIndex(fits);
    if (armed >= 0) {
      const [fault] = this.armed.splice(armed, 1);
      return fault ? this.note(fault, 'armed', what) : null;
    }
    const rates = this.rules.rates.filter(({ fault }) => fits(fault));
    if (rates.length === 0) return null;
    const drawn = rng(`${this.rules.seed}:fault:${draw}`).uniform();
    let below = 0;
    for (const { fault, probability } of rates) {
      below += probability;
      if (drawn < below) return this.note(fault, 'configured', what);
    }
    return null;
  }

  private note(fault: Fault, why: Happened['why'], what: string): Fault {
    const text = faultText(fault);
    this.counts.set(fault.name, (this.counts.get(fault.name) ?? 0) + 1);
    this.happened.push({ at: this.now(), fault: text, why, what });
    if (this.happened.length > LISTED_MAX) this.happened.shift();
    return fault;
  }
}
