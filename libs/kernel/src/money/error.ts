/**
 * The one error a kernel throws: a refusal that the caller can name and show.
 *
 * `code` is stable and meant for machines; `message` says what was wrong, where, and what to do next.
 */
export class KernelError extends Error {
  override readonly name = 'KernelError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
