export { startHost, type EmbeddedHost, type HostOptions } from './host/host.js';
export { resetHome } from './host/data-folder.js';
export { DATA_VERSION, resolveHome, runningHost, type RunInfo } from './host/home.js';
export { keepUp, type KeepUpOptions } from './host/keep-up.js';
export { AnsweredProblem } from './run/client.js';
export type { Progress, RunOptions, Stage } from './run/options.js';
export type { CycleSummary } from './run/summary.js';
export { SERVICE_NAMES } from './services.js';
