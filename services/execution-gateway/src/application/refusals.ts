import type { Refusal } from '@ballast/platform';

/** What a command about an account that was never opened is answered with. */
export const accountUnknown = (account: string): Refusal => ({
  status: 404,
  code: 'ACCOUNT_UNKNOWN',
  title: 'No such account',
  detail: `No account "${account}" was opened here.`,
  nextStep: 'See the accounts under GET /api/v1/halt; a misspelt name must not look like a halt.',
});

/** What the lifting of a halt without the name of what is halted is answered with. */
export const confirmationRequired = (name: string, what: 'account' | 'symbol'): Refusal => ({
  status: 422,
  code: 'CONFIRMATION_REQUIRED',
  title: 'Lifting a halt wants a confirmation',
  detail: `"confirm" must be the ${what}'s name, "${name}".`,
  nextStep: `Send {"confirm": "${name}"} with the request, or run "ballast halt off" and type the name.`,
});
