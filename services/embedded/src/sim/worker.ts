import { performance } from 'node:perf_hooks';
import { plantFault } from './plant.js';
import { faultNamed } from './planted-faults.js';

/** A worker: runs the seeds that its parent sends, one after another. `argv`: database URL, fault or `-`, `trace` or `-`. */
const [adminUrl, faultName, trace] = process.argv.slice(2) as [string, string, string];
if (faultName !== '-') await plantFault(faultNamed(faultName));

// Only now, so that the fault is in what is loaded.
const { makeBench } = await import('./bench.js');
const { runSeed } = await import('./run-seed.js');

const live = trace === 'trace' ? (line: string): void => void process.stderr.write(`${line}\n`) : undefined;
const began = performance.now();
const { bench, close } = await makeBench(adminUrl);
process.send!({ ready: Math.round(performance.now() - began) });

// Nobody is left to work for: also where the parent was killed.
process.on('disconnect', () => process.exit());

let turn: Promise<void> = Promise.resolve();
let seeds = 0;
process.on('message', (message: { seed: number } | 'end') => {
  turn = turn.then(async () => {
    if (message === 'end') {
      await close();
      process.disconnect();
      return;
    }
    const result = await runSeed(message.seed, bench, live);
    if (++seeds % 20 === 0) await bench.database.vacuum();
    process.send!(result);
  });
});
