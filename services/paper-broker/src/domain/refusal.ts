/**
 * What the venue answers when it will not do what was asked: an HTTP status and Alpaca's error body.
 * A refusal is a value, not an exception: refusing is ordinary work for a venue.
 */
export interface Refusal {
  readonly refused: true;
  readonly status: number;
  readonly body: { readonly code?: number | string; readonly message: string; readonly [field: string]: unknown };
}

export function refuse(status: number, code: number | string | null, message: string, fields: object = {}): Refusal {
  return { refused: true, status, body: { ...(code === null ? {} : { code }), message, ...fields } };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;
}

/** 422/40010001: a field of the request is missing or wrong; the message names it. */
export const invalid = (message: string): Refusal => refuse(422, 40010001, message);

/** 404/40410000. */
export const orderNotFound = (which: string): Refusal => refuse(404, 40410000, `order not found for ${which}`);

/** 422 without a code, as Alpaca sends it; it holds for ever, also after the first order was canceled. */
export const duplicateClientOrderId = (): Refusal => refuse(422, null, 'client_order_id must be unique');
