import { inspect } from 'node:util';

/** What stands in the place of a secret wherever it might be shown. */
export const MASK = '[secret]';

/** A value that must not be shown: every way of printing it says `[secret]`; only `reveal()` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Variables with these words in their names hold secrets, whatever their schema says. */
const SECRET_NAME = /(^|_)(TOKEN|SECRET|PASSWORD|KEY)(_|$)/;

/** A variable's text as it may be shown: secrets masked, and whatever stands before an `@` in a URL. */
export function shownValue(name: string, value: string, secret: boolean): string {
  const names = SECRET_NAME.test(name) && !/_(FILE|ID)$/.test(name);
  if (secret || names) return MASK;
  const at = value.lastIndexOf('@');
  const masked = at === -1 ? value : `${MASK}${value.slice(at)}`;
  return JSON.stringify(masked.length > 80 ? `${masked.slice(0, 77)}...` : masked);
}
