import { Violation } from '@ballast/testing';
import type { HaltSpan } from '../people.js';

/** Between the commit of a halt and its lifting no order commits to sending. */
export function nothingSentWhileHalted(halts: readonly HaltSpan[]): void {
  for (const { account, how, sendingBefore, sendingAfter } of halts) {
    const sent = [...(sendingAfter ?? [])].find((id) => !sendingBefore.has(id));
    if (sent) {
      throw new Violation(
        'nothing is sent while halted',
        `${account} was halted ${how}, and order ${sent} committed to sending after that`,
      );
    }
  }
}
