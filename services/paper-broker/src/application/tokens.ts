/** Names under which Nest hands out what is not a class. */
export const CONFIG = Symbol('paper-broker config');
export const LOG = Symbol('paper-broker log');
export const MACHINE_CLOCK = Symbol('paper-broker machine clock');
