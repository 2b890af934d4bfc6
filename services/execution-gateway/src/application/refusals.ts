import type { Refusal } from '@ballast/platform';

/** What a command about an account that was never opened is answered with. */
export const accountUnknown = (account: string): Refusal => ({
  status: 404,
  code: 'ACCOUNT_UNKNOWN',
  title: 'No such account',
  detail: `No account "${account}" was opened here.`,
  nextStep: 'See the accounts under GET /api/v1/halt; a misspelt name must not look like a halt.',
});
