import { processIo } from './io.js';
import { run } from './program.js';

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const exit = await run(process.argv.slice(2), processIo());
// An empty write is called back when all before it has gone out; leaving earlier would cut off data in a pipe.
await new Promise((written) => process.stdout.write('', written));
process.exit(exit);
