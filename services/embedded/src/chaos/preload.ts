import { readFileSync } from 'node:fs';
import { plantSources } from '../sim/plant.js';
import { KILL_VARIABLE, SOURCES_VARIABLE } from './planting.js';

// Loaded ahead of a program by `--import`, in its process only: what it loads from here on is the planted source, and at
// the labelled point that this life is to end at it ends itself, as by a power cut.
plantSources(JSON.parse(readFileSync(process.env[SOURCES_VARIABLE]!, 'utf8')) as Record<string, string>);

const [label, nth] = (process.env[KILL_VARIABLE] ?? '#0').split('#') as [string, string];
let left = Number(nth);

Object.assign(globalThis, {
  ballastChaosPoint: (passed: string): void => {
    if (passed === label && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
