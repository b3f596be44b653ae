import type { Reason } from '../checks/reasons.ts';

/** A handshake with one configured host: no request is ever made. */
export interface PortalHandshake {
  /** Host name of the configuration. */
  readonly host: string;
  /** DNS, TCP and TLS together; undefined when it failed. */
  readonly totalMs?: number;
  /** Until the certificate ends; undefined where there is none. */
  readonly certificateDays?: number;
  readonly failure?: Reason;
}

/** All configured hosts: the video portal, the portal of exam materials. */
export interface PortalFacts {
  readonly hosts: readonly PortalHandshake[];
}

/** The second way to the Internet. */
export interface ReserveRouteFacts {
  /** It answered at the newest look. */
  readonly isAlive: boolean;
  readonly failure?: Reason;
  /** Since the last answer; undefined for never. */
  readonly answeredAgeMs?: number;
}

/** The rehearsal of the download of exam materials. */
export interface EmPackageFacts {
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly receivedBytes: number;
  /** What is left, as a range; missing where the past is no guide yet. */
  readonly lowMs?: number;
  readonly highMs?: number;
  readonly isUnstable?: boolean;
}

/** What the ППЭ will send at once against what its line takes. */
export interface UplinkFacts {
  /** Cameras and exam materials together; undefined until somebody says how many there are. */
  readonly neededBytesPerSecond?: number;
  /** The last upload test. */
  readonly measuredBytesPerSecond?: number;
  readonly measuredAgeMs?: number;
}

/** Rooms must not reach the Internet during the exam. */
export interface IsolationFacts {
  readonly isReachable: boolean;
}
