import type { Inventory } from '@ppe-pulse/protocol';
import type { NicCounters } from '../platform/nic-table.ts';
import type { ProcessTimes, ProcessUse } from '../platform/process-use.ts';
import type { PowerLook } from '../probes/power/power-look.ts';
import type { WinspoolReading } from '../probes/printer/winspool-status.ts';
import type { TestScan, TestScanOutcome } from '../probes/scanner/test-scan.ts';
import type { WindowsScannerReading } from '../probes/scanner/windows-scanner.ts';
import type { WindowsScreens } from '../probes/screen/windows-screens.ts';
import type { SoftwareLook, WantedProgram } from '../probes/software/software.ts';
import type { SoundCounts } from '../probes/sound/sound-devices.ts';
import type { ListenOutcome } from '../probes/sound/listen.ts';
import type { SoundServer } from '../probes/sound/pulse-server.ts';
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
  /** One queue of the Windows spooler by its name; undefined when there is none of it. */
  readonly winspool: {
    readonly input: string;
    readonly output: WinspoolReading | 'spoolerDown' | undefined;
  };
  /** Scanners that Windows knows, by a USB id or all of them. */
  readonly scannerDevices: {
    readonly input: string | null;
    readonly output: WindowsScannerReading;
  };
  /** Whether a USB device (`03f0:2b17`) is there, by Windows. */
  readonly usbPresence: { readonly input: string; readonly output: boolean };
  /** Sound devices that Windows knows. */
  readonly soundCounts: { readonly input: null; readonly output: SoundCounts };
  /** Mains and battery, by Windows. */
  readonly power: { readonly input: null; readonly output: PowerLook };
  /** Screens, by Windows. */
  readonly screens: { readonly input: null; readonly output: WindowsScreens };
  /** Minutes east of UTC, by Windows. */
  readonly zone: { readonly input: null; readonly output: number | undefined };
  /** Which of these programs are installed; what else is stays in the child. */
  readonly software: {
    readonly input: readonly WantedProgram[];
    readonly output: SoftwareLook;
  };
  /** Counters of the network cards, by Windows. */
  readonly nicCounters: { readonly input: null; readonly output: readonly NicCounters[] };
  /** One process by its pid, by Windows; undefined when there is none. */
  readonly processTimes: { readonly input: number; readonly output: ProcessTimes | undefined };
  /** The same by pidusage, which starts programs on Windows. */
  readonly processUse: { readonly input: number; readonly output: ProcessUse | undefined };
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
