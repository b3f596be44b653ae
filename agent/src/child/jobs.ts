import type { Inventory } from '@ppe-pulse/protocol';
import type { WinspoolReading } from '../probes/printer/winspool-status.ts';
import type { TestScan, TestScanOutcome } from '../probes/scanner/test-scan.ts';
import type { ListenOutcome, SoundLook, SoundServer } from '../probes/sound/sound-server.ts';
import type { PictureTarget } from './picture.ts';

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
  /** Sound devices as the person's sound server tells of them. */
  readonly soundDevices: { readonly input: SoundServer; readonly output: SoundLook };
  /** On demand: the level that the microphone hears. */
  readonly soundLevel: { readonly input: SoundServer; readonly output: ListenOutcome };
  /** On demand: one short scan whose picture is only counted. */
  readonly testScan: { readonly input: TestScan; readonly output: TestScanOutcome };
  /** Is a camera's picture frozen or black? By ffmpeg, where it is installed. */
  readonly picture: {
    readonly input: PictureTarget;
    readonly output: 'frozen' | 'black' | 'moving' | undefined;
  };
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
