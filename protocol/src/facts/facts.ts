import type { AudioFacts } from './audio.ts';
import type { CameraFacts } from './camera.ts';
import type {
  EmPackageFacts,
  IsolationFacts,
  PortalFacts,
  ReserveRouteFacts,
  UplinkFacts,
} from './line.ts';
import type { PowerFacts, ScreenFacts, SoftwareFacts, ZoneFacts } from './pc.ts';
import type { PrinterFacts } from './printer.ts';
import type { Reason } from '../checks/reasons.ts';
import type { ScannerFacts } from './scanner.ts';

/** What a probe may know beyond numbers, by what it watches. A new subject is a line here. */
export interface FactsOf {
  readonly printer: PrinterFacts;
  readonly scanner: ScannerFacts;
  readonly camera: CameraFacts;
  readonly audio: AudioFacts;
  readonly portal: PortalFacts;
  readonly reserveRoute: ReserveRouteFacts;
  readonly uplink: UplinkFacts;
  readonly isolation: IsolationFacts;
  readonly emPackage: EmPackageFacts;
  readonly power: PowerFacts;
  readonly screen: ScreenFacts;
  readonly software: SoftwareFacts;
  readonly zone: ZoneFacts;
}
export type Subject = keyof FactsOf;

/** Facts with the name of what they are about. */
export type Facts = {
  [S in Subject]: { readonly subject: S; readonly facts: FactsOf[S] };
}[Subject];

/** How one watched thing fares. `device` is 1 where there can be only one. */
export interface Observation {
  readonly subject: Subject;
  readonly device: number;
  /** The last good look and when it was taken, on the clock of `nowMs`. */
  readonly last?: { readonly facts: Facts; readonly atMs: number };
  /** Why the newest look failed; missing when it did not. */
  readonly failure?: Reason;
}
