import { readdirSync, readFileSync } from 'node:fs';

/** What a process and its children hold now, MB. PSS: a page that several share counts in parts. */
export interface TreeMemory {
  readonly mainRssMB: number;
  readonly mainPssMB: number;
  readonly childrenPssMB: number;
}

interface ProcessStat {
  readonly cpuTicks: number;
  /** Page faults of children that have ended and were waited for. */
  readonly endedFaults: number;
  readonly children: readonly number[];
}

/** `getconf CLK_TCK`; every Linux that Node runs on says 100. */
const TICKS_PER_SECOND = 100;

/**
 * A process with everything that it starts, by /proc. `look` counts processes: those that are seen
 * among the children, and those that lived and died between two looks. The latter show without
 * fail: no program starts without page faults, and the kernel adds those of an ended child to its
 * parent's `cminflt`. So a count of 0 is exact; of several short ones in one interval it sees one.
 */
export class ProcessTree {
  readonly #pid: number;
  #known = new Map<number, ProcessStat>();
  #spawned = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.look();
    this.#spawned = 0;
  }

  /** Processes that were started since the first look. */
  get spawned(): number {
    return this.#spawned;
  }

  look(): void {
    const found = this.#read();
    for (const [pid, now] of found) {
      const before = this.#known.get(pid);
      if (!before) {
        this.#spawned += 1;
        continue;
      }
      const hasSeenEnd = before.children.some((each) => !now.children.includes(each));
      if (now.endedFaults > before.endedFaults && !hasSeenEnd) this.#spawned += 1;
    }
    this.#known = found;
  }

  /** CPU that all of them have used, also those that have ended. */
  cpuSeconds(): number {
    const ticks = [...this.#read().values()].reduce((sum, { cpuTicks }) => sum + cpuTicks, 0);
    return ticks / TICKS_PER_SECOND;
  }

  memory(): TreeMemory {
    const others = [...this.#read().keys()].filter((pid) => pid !== this.#pid);
    return {
      mainRssMB: kilobytes(`/proc/${this.#pid}/status`, 'VmRSS'),
      mainPssMB: kilobytes(`/proc/${this.#pid}/smaps_rollup`, 'Pss'),
      childrenPssMB: others.reduce(
        (sum, pid) => sum + kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss'),
        0,
      ),
    };
  }

  #read(): Map<number, ProcessStat> {
    const found = new Map<number, ProcessStat>();
    const waiting = [this.#pid];
    for (const pid of waiting) {
      const stat = statOf(pid);
      if (!stat) continue;
      found.set(pid, stat);
      waiting.push(...stat.children);
    }
    if (!found.has(this.#pid)) throw new Error(`process ${this.#pid} has ended`);
    return found;
  }
}

function statOf(pid: number): ProcessStat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in parentheses may hold anything: fields are counted behind it, from the third.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    cpuTicks: field(14) + field(15) + field(16) + field(17),
    endedFaults: field(11),
    children: childrenOf(pid),
  };
}

/** Linux keeps children by the thread that started them. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function kilobytes(path: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(read(path) ?? '')?.[1];
  return (Number(found ?? 0) * 1_024) / 1e6;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process may end at any moment.
    return undefined;
  }
}
