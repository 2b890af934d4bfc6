/** A source that cannot give what was asked, however often it is asked again. */
export class FeedRefused extends Error {
  override readonly name = 'FeedRefused';

  /**
   * @param code stable, in capitals.
   * @param message what was wrong and where.
   * @param nextStep what a person can do now.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly nextStep: string,
  ) {
    super(message);
  }
}
