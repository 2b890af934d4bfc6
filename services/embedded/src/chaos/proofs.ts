import type { Edit } from '../sim/plant.js';

/** A run with a sender or a venue that is wrong: what it must break shows that the rules see. */
export interface Proof {
  readonly name: string;
  readonly told: string;
  readonly gateway: readonly Edit[];
  readonly venue: readonly Edit[];
  /** Settings of the gateway that replace those of an honest run. */
  readonly env: Readonly<Record<string, string>>;
  /** How late an order may arrive, in ms. */
  readonly orderLateMs: readonly [number, number] | null;
}

const PLACE = 'services/execution-gateway/dist/application/run-place-order.js';

/** Sends again where it heard nothing, each time under a new name, over a crash as well. */
const NAIVE_SENDER: Proof = {
  name: 'naive-sender',
  told: 'a sender that sends again under a new client order id whenever it got no answer',
  gateway: [
    {
      name: 'a call that a crash cut off is made again',
      file: 'libs/platform/dist/task/task-runner.js',
      find: 'if (runner.work.atMostOnce && task.attempts > 1)',
      replace: 'if (false)',
    },
    {
      name: 'the runner knows which try it is',
      file: PLACE,
      find: 'async run({ request, confirm })',
      replace: 'async run({ request, confirm, attempt })',
    },
    {
      name: 'a new name each try',
      file: PLACE,
      find: 'return this.venue.placeOrder(request, { deadlineMs });',
      replace: `for (let tried = attempt; ; tried++) {
            const clientOrderId = tried === 1 ? request.clientOrderId : request.clientOrderId.slice(0, 28) + '-' + tried;
            try {
                return await this.venue.placeOrder({ ...request, clientOrderId }, { deadlineMs });
            }
            catch (error) {
                if (tried > attempt + 2)
                    throw error;
            }
        }`,
    },
  ],
  venue: [],
  env: {},
  orderLateMs: null,
};

/** What the settle window and the client order id guard against, with both guards gone. */
const VENUE_WITHOUT_DEDUPE: Proof = {
  name: 'venue-without-dedupe',
  told: 'a venue that takes an order as often as it comes, and a settle window shorter than an order may be late',
  gateway: [],
  venue: [
    {
      name: 'the venue forgets which client order ids it has taken',
      file: 'services/paper-broker/dist/application/desk.js',
      find: `if (isRefusal(request))
        return request;
    const owner = uow.account(account);`,
      replace: `if (isRefusal(request))
        return request;
    if (uow.isTaken(account, request.clientOrderId)) request.clientOrderId += '~' + uow.now;
    const owner = uow.account(account);`,
    },
    {
      name: 'and shows each under the id that it was sent with',
      file: 'services/paper-broker/dist/application/wire.js',
      find: 'client_order_id: order.clientOrderId,',
      replace: "client_order_id: order.clientOrderId.split('~')[0],",
    },
  ],
  env: {
    EXECUTION_VENUE_DEADLINE_MS: '150',
    EXECUTION_VENUE_TIMEOUT_MS: '0',
    EXECUTION_SETTLE_WINDOW_MS: '200',
  },
  orderLateMs: [2_000, 4_000],
};

export const PROOFS: readonly Proof[] = [NAIVE_SENDER, VENUE_WITHOUT_DEDUPE];
