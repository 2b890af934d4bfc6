import {
  local,
  NonNegativeDecimal,
  OrderTerms,
  Quantity,
  Sha256,
  Side,
  Slug,
  TickerSymbol,
  Uuid,
} from '@ballast/contracts';
import { z } from 'zod';

/** Who did it and why; every act of a person has both. */
const Person = { by: z.string().trim().min(1).max(100), reason: z.string().trim().min(3).max(500) };

const { takeProfit, stopLoss, notional: _, ...terms } = OrderTerms.shape;

/** Under what terms an order is wanted. Whether the venue takes them is for execution to say, before it is sent. */
const Terms = z.strictObject({
  ...terms,
  takeProfit: takeProfit.unwrap().strict().optional(),
  stopLoss: stopLoss.unwrap().strict().optional(),
});

const aboveZero = (text: string): boolean => /[1-9]/.test(text);

const Order = z.strictObject({
  book: Slug,
  symbol: TickerSymbol,
  side: Side,
  quantity: Quantity.refine(aboveZero, 'a number of shares above zero').optional(),
  notional: NonNegativeDecimal.refine(aboveZero, 'an amount of US dollars above zero').optional(),
  terms: Terms.optional(),
  ...Person,
});

export const OrderRequest = Order.refine(
  ({ quantity, notional }) => (quantity === undefined) !== (notional === undefined),
  { path: ['quantity'], message: 'either shares by "quantity", or US dollars by "notional"' },
);

export const CancelRequest = z.strictObject({
  book: Slug,
  /** Said in full, because it takes back everything. */
  all: z.literal(true),
  ...Person,
});

export const FlattenRequest = z.strictObject({ book: Slug, ...Person });

export const ApprovalDecision = z.strictObject({
  decision: z.enum(['granted', 'declined']),
  /** The list that the person looked at; another one is not theirs to approve. */
  approvedHash: Sha256,
  ...Person,
});

export const Acknowledgement = z.strictObject(Person);

/** How much of a limit of the stream is used, in the limit's own unit (bytes, messages, durables). */
export const StreamUsage = z.strictObject({
  limit: z.enum(['max_bytes', 'max_msgs', 'max_consumers', 'account_storage']),
  used: z.int().min(0),
  max: z.int().min(1),
});

/** The host has seen that a limit of the stream is nearly reached. */
export const ReportStreamUsage = local('command.report-stream-usage', StreamUsage);
export type ReportStreamUsage = z.infer<typeof ReportStreamUsage.schema>;

/** A person wants one order. */
export const PlaceOrder = local('command.place-order', OrderRequest);
export type PlaceOrder = z.infer<typeof PlaceOrder.schema>;

/** A person wants all orders of a book cancelled. */
export const CancelOrders = local('command.cancel-orders', CancelRequest);
export type CancelOrders = z.infer<typeof CancelOrders.schema>;

/** A person wants everything closed that a halted book holds. */
export const FlattenBook = local('command.flatten-book', FlattenRequest);
export type FlattenBook = z.infer<typeof FlattenBook.schema>;

/** A person answers what risk asked. */
export const DecideApproval = local('command.decide-approval', ApprovalDecision.extend({ cycleId: Uuid }));
export type DecideApproval = z.infer<typeof DecideApproval.schema>;

/** A person has seen an alert. */
export const AcknowledgeAlert = local('command.acknowledge-alert', Acknowledgement.extend({ alertId: Uuid }));
export type AcknowledgeAlert = z.infer<typeof AcknowledgeAlert.schema>;
