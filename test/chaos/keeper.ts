import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes away all that a run has started, also when the run itself is killed. */
export interface Keeper {
  /** The run's folder. */
  readonly folder: string;
  /** Every process of the run has this in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** True once it ends everything: whoever starts something now would leave it behind. */
  readonly isClosing: boolean;
  /** Unmounts this at the end. */
  mounted(path: string): void;
  /** Ends everything now. */
  close(): Promise<void>;
}

/** Starts one: a process of its own session, so that a Ctrl-C of the run does not reach it. */
export function startKeeper(): Keeper {
  const mark = randomBytes(8).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'ppe-pulse-chaos-'));
  const script = join(import.meta.dirname, 'keeper.sh');
  const keeper: ChildProcess = spawn('bash', [script, mark, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(keeper, 'exit');
  let isClosing = false;
  return {
    get isClosing() {
      return isClosing;
    },
    folder,
    env: { PPE_PULSE_CHAOS: mark },
    mounted: (path) => void keeper.stdin?.write(`mount ${path}\n`),
    close: async () => {
      isClosing = true;
      keeper.stdin?.end();
      await ended;
    },
  };
}
