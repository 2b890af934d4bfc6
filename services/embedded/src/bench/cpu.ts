import { readFile } from 'node:fs/promises';

/** Ticks of /proc/<pid>/stat in a second, on every Linux there is. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor by whoever spent them; null where the system has no /proc to read them from. */
export type CpuShares = Readonly<Record<string, number>> | null;

export interface CpuParts {
  readonly processes: Readonly<Record<string, number>>;
  /** Postgres's processes as they are now, by whom they work for. */
  readonly postgres: () => Promise<readonly { readonly name: string; readonly pid: number }[]>;
}

/** Measures who spends processor time between two moments. */
export class CpuByPart {
  private constructor(
    private readonly parts: CpuParts,
    private readonly before: ReadonlyMap<number, number>,
  ) {}

  static async start(parts: CpuParts): Promise<CpuByPart> {
    return new CpuByPart(parts, await secondsOf(await pidsOf(parts)));
  }

  async stop(): Promise<CpuShares> {
    if (this.before.size === 0) return null;
    const named = await pidsOf(this.parts);
    const after = await secondsOf(named);
    const spent: Record<string, number> = {};
    for (const [pid, name] of named) {
      spent[name] = (spent[name] ?? 0) + (after.get(pid) ?? 0) - (this.before.get(pid) ?? 0);
    }
    return spent;
  }
}

async function pidsOf({ processes, postgres }: CpuParts): Promise<Map<number, string>> {
  const backends = (await postgres()).map(({ name, pid }) => [pid, name] as const);
  return new Map([...Object.entries(processes).map(([name, pid]) => [pid, name] as const), ...backends]);
}

async function secondsOf(pids: ReadonlyMap<number, string>): Promise<Map<number, number>> {
  const seconds = new Map<number, number>();
  for (const pid of pids.keys()) {
    // A process that has ended, or a system without /proc, has nothing to read.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    seconds.set(pid, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND);
  }
  return seconds;
}
