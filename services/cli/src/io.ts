import { createInterface } from 'node:readline/promises';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';

/** What a command may touch of the process it runs in; specs hand in their own. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Who is named in acts that carry a person's name, unless `--by` says another. */
  readonly user: string;
  /** Data, and nothing else, goes here. */
  out(text: string): void;
  /** Everything that people read goes here. */
  err(text: string): void;
  /** Whether a person reads `err` on a terminal. */
  readonly live: boolean;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  ask(question: string): Promise<string>;
  input(): Promise<string>;
}

/** The real process. */
export function processIo(): Io {
  return {
    env: process.env,
    cwd: process.cwd(),
    user: userName(),
    out: (chunk) => void process.stdout.write(chunk),
    err: (chunk) => void process.stderr.write(chunk),
    live: process.stderr.isTTY === true,
    interactive: process.stdin.isTTY === true,
    ask: async (question) => {
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await terminal.question(question);
      } finally {
        terminal.close();
      }
    },
    input: () => text(process.stdin),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // In a container a user id may have no entry; then the number is all there is to say.
    if ((error as NodeJS.ErrnoException).syscall === 'uv_os_get_passwd')
      return `uid-${process.getuid?.() ?? 'unknown'}`;
    throw error;
  }
}
