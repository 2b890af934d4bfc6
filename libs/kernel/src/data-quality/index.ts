export { checkBar, readBar } from './bar.js';
export type { Bar, BarField, BarFinding, RawBar } from './bar.js';
export { qualityScore } from './quality-score.js';
export type { Quality } from './quality-score.js';
