/** A whole import that cannot be taken: nothing of it is kept. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';

  /**
   * @param code stable, in capitals.
   * @param message what was wrong and where.
   * @param nextStep what the person who asked for the import can do now.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly nextStep: string,
  ) {
    super(message);
  }
}
