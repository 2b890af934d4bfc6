import type { Edit } from '../sim/plant.js';

/** A place in the built gateway at which a life may end. The call stands before or behind a snippet. */
interface Point {
  readonly label: string;
  readonly file: string;
  readonly before?: string;
  readonly behind?: string;
  /** The point counts only where this holds, in the words of the file. */
  readonly where?: string;
}

const GATEWAY = 'services/execution-gateway/dist';
const PLATFORM = 'libs/platform/dist';
const TASKS = `${PLATFORM}/task/task-runner.js`;
const RUNNING = `${PLATFORM}/service/running-service.js`;
const ALPACA = `${GATEWAY}/adapters/alpaca-venue.js`;
const handler = (name: string): string => `${GATEWAY}/application/${name}.js`;

/** Between which two steps a gateway may die, from its start to the marking of what it has published. */
const POINTS: readonly Point[] = [
  { label: 'start: schema read', file: `${PLATFORM}/service/start-service.js`, before: 'const metrics = metricsFor(' },
  { label: 'start: alone', file: RUNNING, before: 'await tasks.recover();' },
  { label: 'start: tasks freed', file: RUNNING, behind: 'await tasks.recover();' },
  { label: 'start: nothing leaves yet', file: handler('on-activated'), before: 'await beginLook(ctx, account);' },
  { label: 'start: active', file: RUNNING, before: 'this.#relayPump.start();' },
  {
    label: 'verdict: before its commit',
    file: handler('take-verdict'),
    before: "await saveVerdict(ctx.tx, { ...row, status: 'executing'",
  },
  {
    label: 'sending: before its commit',
    file: handler('send-due'),
    before: 'await takeNews(ctx, desk, outcome.moves);',
  },
  { label: 'sending: committed', file: TASKS, before: 'const refused = outcomes.find(' },
  {
    label: 'sending: claimed',
    file: TASKS,
    behind: 'const claimed = await this.#claim(limit);',
    where: "claimed.some((task) => task.kind === 'place-order')",
  },
  { label: 'sending: before the request', file: ALPACA, before: 'const response = await desk.postOrderRaw(' },
  {
    label: 'answer: come',
    file: ALPACA,
    behind: 'const { venueOrderId, status } = parseOrder(await response.raw.json());',
  },
  {
    label: 'answer: before its commit',
    file: handler('on-place-order-answered'),
    before: "const news = outcome.status === 'done'",
  },
  {
    label: 'answer: committed',
    file: TASKS,
    before: "if (received.status === 'retry')",
    where: "task.kind === 'place-order'",
  },
  {
    label: 'stream: heard',
    file: `${GATEWAY}/adapters/venue-stream.js`,
    before: 'this.#queue.push(item);',
    where: "item !== 'missed'",
  },
  {
    label: 'stream: before its commit',
    file: handler('on-venue-event'),
    before: 'const { news, missing } = newsOfUpdate(',
  },
  {
    label: 'stream: committed',
    file: `${GATEWAY}/adapters/venue-stream.js`,
    before: 'this.#queue.splice(0, batch.length);',
  },
  { label: 'catch-up: between its questions', file: handler('run-catch-up'), before: 'return { orders, fills:' },
  { label: 'catch-up: before its commit', file: handler('take-catch-up'), before: 'const listed = new Map(' },
  { label: 'asking: answered', file: handler('run-ask-venue'), before: 'return { order, fills: order ?' },
  { label: 'asking: before its commit', file: handler('on-ask-venue-answered'), before: 'if (told.missing)' },
  { label: 'cancel: before its commit', file: handler('on-cancel-requested'), before: 'ctx.audit({' },
  { label: 'cancel: before the request', file: ALPACA, before: 'await desk.deleteOrderByOrderIDRaw(' },
  { label: 'cancel: answered', file: ALPACA, before: "return 'requested';" },
  {
    label: 'cancel: before the commit of its answer',
    file: handler('on-cancel-order-answered'),
    before: 'const { answer } = outcome;',
  },
  {
    label: 'reconciliation: fetched',
    file: handler('run-reconcile'),
    before: 'return { positions, orders, account: facts, fills',
  },
  {
    label: 'reconciliation: before its commit',
    file: handler('conclude-look'),
    before: "if (purpose !== 'watch' || changed)",
  },
  {
    label: 'reconciliation: to be looked at again',
    file: handler('on-reconcile-answered'),
    before: 'ctx.later([perform(Reconcile, account, again',
  },
  { label: 'work: done, not brought in', file: TASKS, before: "await this.options.checkpoint('after-world');" },
  { label: 'inbox: before a commit', file: `${PLATFORM}/persistence/writes.js`, before: 'await beforeCommit();' },
  { label: 'inbox: committed', file: `${PLATFORM}/inbox/inbox.js`, before: "await hooks.checkpoint('after-commit');" },
  {
    label: 'inbox: before the acknowledgement',
    file: `${PLATFORM}/inbox/inbox.js`,
    before: 'outcomes.forEach((outcome, i) => {',
  },
  {
    label: 'relay: before publishing',
    file: `${PLATFORM}/outbox/relay.js`,
    before: "await checkpoint('before-publish');",
  },
  {
    label: 'relay: published, not marked',
    file: `${PLATFORM}/outbox/relay.js`,
    before: "await checkpoint('after-publish');",
  },
];

/** Deaths that come from outside: with the request for an order on its way to the venue, and at any moment. */
export const REQUEST_WRITTEN = 'request: written';
export const IN_FLIGHT = 'in flight';

/** Every label under which a life may end. */
export const LABELS: readonly string[] = [...POINTS.map(({ label }) => label), REQUEST_WRITTEN, IN_FLIGHT];

/** The calls at all points, to be planted into the gateway. */
export const pointEdits = (): Edit[] =>
  POINTS.map(({ label, file, before, behind, where }) => {
    const call = `globalThis.ballastChaosPoint(${JSON.stringify(label)});`;
    const passes = where === undefined ? call : `if (${where}) ${call}`;
    const find = before ?? behind!;
    return { name: label, file, find, replace: before === undefined ? `${find} ${passes}` : `${passes} ${find}` };
  });
