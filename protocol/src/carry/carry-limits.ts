/** Limits of what travels by flash drive. A writer respects them, a reader enforces them. */
export const carryLimits = {
  /** Heartbeats of one part: 2.8 h at 5 s, ~3 MB of text, ~0.5 MB on the stick. */
  partHeartbeats: 2_000,
  /** Text of one part after it is unpacked: what a reader lets it grow to. */
  partTextBytes: 8_388_608,
  /** A part's file: its text could hardly be packed at all, and its head. */
  partFileBytes: 8_454_144,
  /** The first line of a part. */
  headBytes: 4_096,
  /** A receipt's file. */
  receiptBytes: 1_048_576,
  /** Starts of one agent that a receipt speaks of, and ranges of each. */
  receiptBoots: 1_024,
  receiptRanges: 4_096,
  /** Entries of the stick's folder that are looked at: 250 workstations for over a week. */
  folderEntries: 50_000,
  /** A part that seems to be older than this was written by a PC with a wrong clock. */
  oldestExportMs: 30 * 24 * 3_600_000,
} as const;
