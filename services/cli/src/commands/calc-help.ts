/** Shapes of kernels whose input is not plain from an example; those of the others are in their cases. */
export const CALC_HELP = `Input of twap: {qty, n_slices, horizon_minutes, lot_size?, freeze_quantity?, min_interval_s?, jitter?}
  freeze_quantity   the most that the exchange takes in one order; a slice beyond it becomes several rows of one offset
  min_interval_s    fewer slices come out where they would be nearer together than this
  jitter            {seed, time?, size?}: each slice leaves within the fraction time (0 to 1) of its interval, at least a second
                    after the one before, and is larger or smaller by the fraction size (0 to below 1) at most; the same seed,
                    the same schedule
    -> [{i, qty, offset_s}], whose quantities add up to qty exactly

Input of impact: {"model", ...}; sigma is a fraction a day, V, X and Theta are shares, T is days of 390 minutes.
  almgren-2005    {sigma, V, Theta, X, T}
  square-root     {sigma, V, X, Y?}
  propagator      {sigma, V, X, beta, t0_minutes, Y?}
    -> {I_bps, J_bps}: how far the price has moved when the order is done, and what it paid on average
  the same with schedule, the output of twap, instead of X and T; almgren-2005 also single_minutes and slice_minutes
    -> {single_bps, twap_bps, saving_bps, reduction, slices_bps}
  almgren-chriss  {X, T, N, sigma, eps, gamma, eta, lambda?, S0?} in currency, shares and days
    -> {E, V, kappa, trades, E_one, E_twap, reduction, reduction_excluding_spread}
  With a price the first three also answer in its currency: cost, or single_cost, twap_cost and saving_cost.

Input of risk-measures: {"fn", ...}; returns, volatilities and weights are fractions, money is US dollars, times are New York's.
  cvar_historical   {returns, alpha} -> {VaR, CVaR}; code INSUFFICIENT_TAIL where alpha x n is below 1 and both are the worst loss
  es_gaussian       {mu, sigma, confidence} -> {VaR, ES, es_multiplier}
  es_student_t      {mu, sigma, nu, confidence} -> {VaR, ES}
  stress_beta       {weights, betas, shock, equity} -> {pnl}; lists, or objects by symbol; a beta that is null is UNKNOWN_BETA
  vol_target        {target, realised, cap, floor?} -> {scale}
  regt_long         {equity, buy} -> {initial_ok, maintenance_req, margin_call_price_drop}
  regt_short        {short_shares, price} -> {initial_deposit}
  luld              {tier, ref, prev_close, time, close?} -> {lower, upper}
  market_wide_halt  {prev_spx, spx, time, close?, reached?} -> {level, halt}; reached is the level that has halted the day before

Input of day-trades:
  {trades, overnight?}          -> {day_trades}; trades as "B250 S100", "ABC:B200", "(hold 100) S100 B100", or [{symbol?, side, qty}]
  {day_trades, total_trades}    -> {flag}: a pattern, counted over five business days
  {date, adopted?}              -> {rule}: which rule holds for a broker that has come to the intraday rule on that day
  {equity, maintenance, date?}  -> {deficit, de_minimis, cure_by?}: the intraday margin deficit

Input of guardrails: {order, book, market?, limits, mode?, halted?} -> {verdict, maxQty, trim, checks}; one order by every check whose limit is given.
  order   {symbol, side, qty, price?, sector?, stop?, lotSize?, segment?, orders?, strategies?, catalystAt?, expectedBp?, costBp?, alternativeBp?}
  book    {equity, positions: [{symbol, qty, price?, sector?}], pending: [{symbol, side, qty, price?, sector?}], buyingPower?, sessionEquity?,
           peakEquity?, strategyGross?, tradingDay?, ordersToday?, sentOrders?, accountBucket?, segmentBuckets?}
  market  {now?, asOf?, marks?, sectors?, adv?, returns?, volatilities?, betas?, factors?, quality?, sessionsToEarnings?, borrowable?, bands?,
           paused?, marketHalt?, restricted?, regime?}; all but now, asOf, paused, marketHalt and regime are objects by symbol
  limits  fractions of equity unless their name says otherwise: notionalPerNameMax, sectorGrossMax, advFractionMax, grossLeverageMax, cvar
           {max, confidence}, stress {max, scenarios}, ...; docs/concepts/guardrails.md has all of them. What is left out is not checked;
           what is on and cannot be checked refuses. mode is live unless given.
`;
