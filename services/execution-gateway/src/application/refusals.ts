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

/** What a question or a command about an order that is not here is answered with. */
export const orderNotFound = (id: string): Refusal => ({
  status: 404,
  code: 'ORDER_NOT_FOUND',
  title: 'No such order',
  detail: `No order ${id} was planned here.`,
  nextStep:
    'List the orders with GET /api/v1/orders. One that was just asked for is here once risk has let it through: GET /api/v1/verdicts/{requestId} says so.',
});

/** What a cancel of an order is answered with that can do nothing more. */
export const orderEnded = (id: string): Refusal => ({
  status: 409,
  code: 'ORDER_ENDED',
  title: 'The order has ended',
  detail: `Nothing of order ${id} is left to cancel.`,
  nextStep: `See what became of it with GET /api/v1/orders/${id}.`,
});
