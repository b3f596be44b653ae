import type { WorkstationState } from '../fleet/workstation-state.ts';
import type { Evidence } from '../messages/shared.ts';
import type { Moment } from '../session/clock-mapping.ts';
import type { IncidentChange, IncidentCore, PersonResolution } from './incident.ts';
import type { KeptFault } from './kept-fault.ts';
import type { Phase } from './phase.ts';
import type { SitePlace } from './site-place.ts';

/** What the engine asks of its owner. */
export interface IncidentEngineParts {
  /** Undefined for a site that the registry does not know. */
  readonly placeOf: (siteCode: string) => SitePlace | undefined;
  readonly phaseOf: (siteCode: string) => Phase;
  /** Number of the next incident, never given twice. */
  readonly nextNumber: () => number;
}

/** A workstation as the engine looks at it. */
export type SeenStation = Pick<
  WorkstationState,
  'id' | 'placement' | 'heartbeat' | 'checks' | 'clone' | 'problems'
>;

/** Something wrong with the collector itself. */
export interface CollectorProblem {
  readonly kind: 'collector.line' | 'collector.store';
  readonly reason: string;
  readonly evidence: Evidence;
}

/** What must be written after a change. */
export interface UnsavedFaults {
  readonly changed: readonly KeptFault[];
  readonly gone: readonly Pick<KeptFault, 'sourceId' | 'checkId'>[];
}

/** Folds verdicts into incidents. Pure: time comes in, steps go out. (Being written; the signatures hold.) */
export declare class IncidentEngine {
  constructor(parts: IncidentEngineParts);
  /** Takes in a workstation that changed; cheap where nothing is or was wrong. */
  see(station: SeenStation, now: Moment): void;
  /** A workstation that is no longer enrolled. */
  forget(stationId: string, now: Moment): void;
  /** All that is wrong with the collector now; empty for nothing. */
  seeCollector(problems: readonly CollectorProblem[], now: Moment): void;
  /** Goes on to a moment; the steps in their order. Call it two to four times a second. */
  tick(now: Moment): readonly IncidentChange[];
  /** A person's word; no change for one that is over. What still fails does not open anew before it healed. */
  resolve(incidentId: string, resolution: PersonResolution, now: Moment): readonly IncidentChange[];
  /** Open ones, the oldest first. */
  open(): readonly IncidentCore[];
  takeUnsaved(): UnsavedFaults;
  /** Before the first `see`. Timers of what was pending begin anew: downtime is in no deadline. */
  restore(
    kept: { readonly incidents: readonly IncidentCore[]; readonly faults: readonly KeptFault[] },
    now: Moment,
  ): void;
}
