import { messageOf } from '../errors.js';

/** Something a service needs: a database, the bus, a vendor. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<{ readonly up: boolean; readonly detail: string }>;
}

/** What a dependency said. */
export interface CheckResult {
  readonly name: string;
  readonly up: boolean;
  readonly detail: string;
}

export interface ReadinessReport {
  /** `standby`: it answers, and would take over from the active instance. */
  readonly state: 'ready' | 'standby' | 'unready' | 'draining';
  readonly checks: readonly CheckResult[];
}

/** A dependency that has not answered by then counts as down; Kubernetes asks again soon. */
const CHECK_MS = 2_000;

/** Knows whether a service can take work: everything it needs answers, and it is not about to stop. */
export class Readiness {
  readonly #checks = new Map<string, HealthCheck>();
  #draining = false;
  #standby = false;

  /** @param patienceMs how long a check may take before it counts as down. */
  constructor(private readonly patienceMs: number = CHECK_MS) {}

  /** Adds a dependency. @throws RangeError where one of that name is there already. */
  add(check: HealthCheck): void {
    if (this.#checks.has(check.name)) throw new RangeError(`there is a health check "${check.name}" already`);
    this.#checks.set(check.name, check);
  }

  /** From now on the service is not ready, so that no new work is sent to it while it finishes. */
  drain(): void {
    this.#draining = true;
  }

  /** Whether another instance is active and this one only waits for its end. */
  standBy(on: boolean): void {
    this.#standby = on;
  }

  /** Asks every dependency at once. A check that throws or does not answer is down, never an exception. */
  async report(): Promise<ReadinessReport> {
    const checks = await Promise.all([...this.#checks.values()].map((check) => this.#ask(check)));
    if (this.#draining) return { state: 'draining', checks };
    if (!checks.every(({ up }) => up)) return { state: 'unready', checks };
    return { state: this.#standby ? 'standby' : 'ready', checks };
  }

  async #ask(check: HealthCheck): Promise<CheckResult> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<{ up: boolean; detail: string }>((resolve) => {
      timer = setTimeout(
        () => resolve({ up: false, detail: `no answer within ${this.patienceMs} ms` }),
        this.patienceMs,
      );
    });
    try {
      const { up, detail } = await Promise.race([check.check(), silence]);
      return { name: check.name, up, detail };
    } catch (error) {
      return { name: check.name, up: false, detail: messageOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
