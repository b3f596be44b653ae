import type { Inventory } from '@ppe-pulse/protocol';
import type { WinspoolReading } from '../probes/printer/winspool-status.ts';

/**
 * Everything that the probe child can be asked to do: a closed list. Work goes there when it starts
 * programs or calls native code, since only a process can be ended in the middle of it.
 */
export interface Jobs {
  /** Facts of the PC. */
  readonly inventory: { readonly input: null; readonly output: Inventory };
  /** Names of the queues of the Windows spooler; they stay on the PC. */
  readonly winspoolQueues: { readonly input: null; readonly output: readonly string[] };
  /** One queue of the Windows spooler by its name. */
  readonly winspool: { readonly input: string; readonly output: WinspoolReading | undefined };
}
export type JobName = keyof Jobs;

/** One question to the child. */
export interface JobRequest {
  readonly id: number;
  readonly job: JobName;
  readonly input: unknown;
}

/** The child's words: a job has begun, or has ended. */
export type JobReply =
  | { readonly id: number; readonly kind: 'started' }
  | { readonly id: number; readonly kind: 'done'; readonly output: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly error: string };

/** Work by name; each answers in its own time or throws. */
export type JobWork = { [J in JobName]: (input: Jobs[J]['input']) => Promise<Jobs[J]['output']> };
