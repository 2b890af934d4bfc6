/**
 * How often execution compares its books with the venue's in simulated time: around its orders, and not by the minute, because
 * every look is a moment that the whole system has to come to rest at. Each slice is looked at before it leaves all the same.
 */
export const SIMULATED_PACE: Readonly<Record<string, string>> = {
  EXECUTION_RECONCILE_WORKING_SECONDS: '600',
  EXECUTION_RECONCILE_IDLE_SECONDS: '0',
};
