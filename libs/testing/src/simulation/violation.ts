/** Something that must never happen has happened. `checker` names the rule, the message what was seen. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    readonly checker: string,
    message: string,
  ) {
    super(message);
  }
}
