export * from './describe-difference.js';
export * from './load-recording.js';
export * from './recording.js';
