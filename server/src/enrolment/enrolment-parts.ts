import type { EnrolmentEnd, Plan, Region } from '@ppe-pulse/protocol';
import type { Authority } from '../access/authority.ts';
import type { CollectorKey } from '../access/keys.ts';
import type { Log } from '../log.ts';
import type { Audit } from '../state/audit.ts';
import type { Enrolments } from '../state/enrolments.ts';
import type { CodeStore } from './code-store.ts';

/** What enrolment works with. */
export interface EnrolmentParts {
  readonly codes: CodeStore;
  readonly enrolments: Enrolments;
  readonly audit: Audit;
  readonly key: CollectorKey;
  readonly log: Log;
  /** Collector's wall clock, ms since 1970 UTC: it alone judges validity. */
  readonly nowMs: () => number;
  readonly region: () => Region;
  /** The plan in force, undefined for none. */
  readonly plan: () => Plan | undefined;
  /** Undefined where no TLS of our own was set up. */
  readonly authority: () => Authority | undefined;
  /** An operator's certificate is served, of an authority that systems trust: ours is for relays. */
  readonly systemRoots: () => boolean;
  /** A file may name no address in the clear beyond this machine. */
  readonly isTlsOnly: () => boolean;
  /** Where agents find this collector; empty when nobody said and it listens everywhere. */
  readonly urls: () => readonly string[];
  /** Runs changes of the state in one commit: all of them or none. */
  readonly transaction: (work: () => void) => void;
  /** A workstation was enrolled or placed elsewhere: boards and relays are told. */
  readonly joined: (id: string) => void;
  /** One is enrolled no more: its connection is closed and it leaves the boards. */
  readonly left: (id: string, siteCode: string, how: EnrolmentEnd) => void;
}
