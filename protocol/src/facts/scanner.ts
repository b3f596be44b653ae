import type { Reason } from '../checks/reasons.ts';

/** One scanner. */
export interface ScannerFacts {
  /**
   * `escl`: the device itself answered; `usb`: it is plugged in; `windows`: the PnP manager says so;
   * `sane`: only its last test scan is known.
   */
  readonly source: 'escl' | 'usb' | 'windows' | 'sane';
  readonly isPresent: boolean;
  /** The service in front of it runs; undefined where there is none to ask. */
  readonly isServiceUp?: boolean;
  /** Why Windows' driver of it does not work: Microsoft's CM_PROB number (28: there is none). */
  readonly driverProblem?: number;
  readonly state: 'idle' | 'processing' | 'testing' | 'stopped' | 'down' | 'present';
  readonly feeder?: 'empty' | 'loaded' | 'jam' | 'coverOpen' | 'other';
  /** The last test scan of this PC, undefined when there was none. */
  readonly test?: { readonly ageMs: number; readonly reason: Reason };
}
