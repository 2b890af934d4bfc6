/** A bug or corrupt data: handling this message again would end the same way, so it is parked for a person. */
export class Fault extends Error {
  override readonly name = 'Fault';
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The world (a database, a bus, a vendor) did not answer as it should; trying again later may help. */
export class Retryable extends Error {
  override readonly name = 'Retryable';
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Another instance of the service is active: this one must do nothing more. */
export class Superseded extends Retryable {
  constructor(message: string) {
    super('SUPERSEDED', message);
  }
}

/**
 * Postgres error classes that a second try can cure: connection, rollback, resources, operator intervention; and our own,
 * where another instance is active and the second try is that one's.
 */
const TRANSIENT_SQLSTATE = /^(08|40|53|55P03|55B01|57P0)/;

/** Node's codes for a connection that is not there. */
const TRANSIENT_NODE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']);

/** Tells whether an error may pass by itself: a {@link Retryable}, or a database or network that is away. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Retryable) return true;
  if (error instanceof Fault || typeof error !== 'object' || error === null) return false;
  const code = 'code' in error ? String(error.code) : '';
  const driver = 'driverError' in error ? error.driverError : undefined;
  if (TRANSIENT_SQLSTATE.test(code) || TRANSIENT_NODE.has(code)) return true;
  if (error instanceof Error && /Connection terminated|Client has encountered a connection error/.test(error.message))
    return true;
  return driver !== undefined && driver !== error && isTransient(driver);
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The stable code of whatever was thrown; `UNEXPECTED` where it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Fault || error instanceof Retryable ? error.code : 'UNEXPECTED';
