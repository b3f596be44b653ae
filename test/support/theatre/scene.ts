import type {
  Incident,
  LiveMunicipality,
  LiveSilence,
  Overview,
  Phase,
  SiteKind,
  Trend,
  Verdict,
} from '@ppe-pulse/protocol';

/** A site on the stage. Rooms are `0001`… and the Штаб. */
export interface SceneSite {
  readonly code: string;
  readonly kind: SiteKind;
  readonly name: string;
  /** Slug of one of the scene's municipalities. */
  readonly municipality: string;
  readonly rooms: number;
  readonly isInvolved: boolean;
  readonly timeZone: string;
}

/** What is wrong somewhere: with everybody there, or with those of some rooms. */
export interface Trouble {
  readonly siteCode: string;
  /** Null: the whole site. */
  readonly rooms: readonly string[] | null;
  readonly verdict: Verdict;
  /** The check's id and the reason's token. */
  readonly check: string;
  readonly reason: string;
  /** Since when, ms before the scene. */
  readonly forMs: number;
  /** What its incident says beside that; null for no incident. */
  readonly incident: Partial<Incident> | null;
}

/** A picture to be played: everything that boards are told. Values are made once and never changed. */
export interface Scene {
  readonly name: string;
  /** Of what is random in it: the same seed is the same picture. */
  readonly seed: number;
  /** The collector's wall clock, which is the rehearsal's clock too; ms since 1970 UTC. */
  readonly atMs: number;
  readonly phase: Phase;
  readonly municipalities: readonly LiveMunicipality[];
  readonly sites: readonly SceneSite[];
  /** Later ones lie over earlier ones. */
  readonly troubles: readonly Trouble[];
  /** Stages that a site has not reached although they are due. */
  readonly lateStages: ReadonlyMap<string, readonly string[]>;
  /** Wider ones than troubles bring, and those of nobody. */
  readonly incidents: readonly Incident[];
  readonly silences: readonly LiveSilence[];
  readonly trend: Trend;
  readonly isSimulated: boolean;
  /** False: there is no plan, no stages and no clock of a rehearsal. */
  readonly hasPlan: boolean;
  /** Of the rehearsal; the usual one where a scene names none. */
  readonly title?: string;
  /** Lies over what is counted. */
  readonly overview: Partial<Overview>;
}
