/** Limits of updates on the collector's side. Those that a region may want otherwise are settings. */
export const updateLimits = {
  /** An upload: a bundle of the agent takes ~200 kB compressed. */
  bundleBytes: 1_000_000,
  /** Bundles that are kept; the oldest that no stage is of goes first. */
  bundles: 20,
  /** Agents that fetch from this collector at once; members of a relay fetch from its disk. */
  concurrent: 8,
  /** Members that one relay hands a bundle to at once. */
  membersAtOnce: 4,
  /** What all downloads together take of the collector's line: a 200 kB bundle five times a second. */
  bytesPerSecond: 1_000_000,
  /** Agents of a stage are first offered it at their own moment within this time. */
  jitterMs: 60_000,
  /** More than this share rolled back or silent of those that got it: the stage pauses by itself. */
  troubleShare: 0.1,
  /** An offer that nobody answered is over after this. */
  offerMs: 60_000,
  /** A download without a read is over after this; it goes on where it stopped when offered again. */
  fetchMs: 300_000,
  /** A version that is heard for so long, and says nothing worse, has been confirmed. */
  trialMs: 120_000,
  /** An agent that holds a staged version, is here and does not start it is asked again. */
  stagedMs: 1_800_000,
  /** Not heard for so long after it took a new version: that is the update's fault until it is back. */
  silentMs: 600_000,
  /** An agent that said `frozen`, or that its disk is full, is asked again after this. */
  refusedAgainMs: 3_600_000,
  /** After an offer that came to nothing; doubled with each, up to the cap. */
  retryMs: 60_000,
  retryCapMs: 1_800_000,
  /** Offers without an answer before nobody asks it again in this stage. */
  tries: 8,
} as const;

/** What the settings of a collector say. */
export interface UpdateSettings {
  readonly concurrent: number;
  readonly bytesPerSecond: number;
  readonly jitterMs: number;
  readonly troubleShare: number;
}
