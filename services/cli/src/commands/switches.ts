import type { Command } from 'commander';

/** The switches of the simulated venue, each with values to try. All of them, with their numbers: its README. */
export const SWITCHES: readonly (readonly [setting: string, what: string])[] = [
  ['PAPER_BROKER_BOOK=depth', 'quotes have a size, resting orders a place in the queue'],
  ['PAPER_BROKER_IMPACT=almgren2005', 'fills move prices; or propagator'],
  ['PAPER_BROKER_FEES=us', 'SEC and FINRA fees by the rates of their day; or nse'],
  ['PAPER_BROKER_COMMISSION_BP=1.5', 'a commission beside them; or PAPER_BROKER_COMMISSION_PER_SHARE'],
  ['PAPER_BROKER_LATENCY_MS=20-80', 'orders and cancels take time to reach the book'],
  ['PAPER_BROKER_PARTIAL_FILLS=1', 'a tenth of orders fills in two pieces'],
  ['PAPER_BROKER_LULD=tier1', 'price bands and pauses; or tier2'],
  ['PAPER_BROKER_AUCTIONS=on', 'what waits for the open crosses at its price'],
  ['PAPER_BROKER_SHORTS=on', 'short sales of what can be borrowed'],
  ['PAPER_BROKER_RECORDINGS=day.zip', 'quotes and trades of a recorded day; files with commas between'],
];

const WIDTH = Math.max(...SWITCHES.map(([setting]) => setting.length));

/** Says below the help of a command that starts the simulated venue how it can be made to trade. */
export const withSwitches = (command: Command): Command =>
  command.addHelpText(
    'after',
    `\nThe simulated venue fills whole orders at its quote at once, unless the environment switches on more\n(docs/concepts/paper-broker.md); what is on stands under each cycle's "What was simulated". A host that\nruns keeps what it was started with:\n${SWITCHES.map(
      ([setting, what]) => `  ${setting.padEnd(WIDTH)}  ${what}\n`,
    ).join('')}`,
  );
