/** What is known of one room's printing. Times are of the rehearsal's clock; null is «nobody knows». */
export interface RoomPrintInput {
  readonly roomCode: string;
  /** Missing or null: the plan's norms. */
  readonly sets?: number | null;
  readonly pagesPerSet?: number | null;
  /** Pages since the room began, of the printer's counter; null where it has none. */
  readonly pagesDone: number | null;
  /** When the counter was read. */
  readonly countedAtMs: number | null;
  /** The printer's own speed, of its test page or of the run. */
  readonly pagesPerMinute: number | null;
  /** Nothing comes out, by the printer's own words: a jam, no paper, a stuck queue. */
  readonly isStuck: boolean;
  readonly startedAtMs: number | null;
  /** False while none of the room's printing workstations is heard. */
  readonly isWatched: boolean;
  /** Null takes an earlier end back. */
  readonly doneAtMs: number | null;
}

/** What is known of a site's package of exam materials. */
export interface EmInput {
  /** Missing or null: the plan's. */
  readonly totalBytes?: number | null;
  /** Null before the start. */
  readonly receivedBytes: number | null;
  readonly receivedAtMs: number | null;
  readonly doneAtMs: number | null;
  /** The agent's own range of what is left: `net.em.low.seconds`, `net.em.high.seconds`. */
  readonly range?: {
    readonly lowSeconds: number;
    readonly highSeconds: number;
    readonly atMs: number;
  } | null;
  /** The newest test of the line, `net.down.bytesPerSecond`. */
  readonly downBytesPerSecond: number | null;
  readonly downAtMs: number | null;
}

/** What is known of a site's uplink. */
export interface UplinkInput {
  readonly cameras: number;
  /** Mean of a camera as measured; null for the norm. */
  readonly cameraBytesPerSecond: number | null;
  readonly emBytesPerSecond: number;
  /** The newest test, `net.up.bytesPerSecond`. */
  readonly upBytesPerSecond: number | null;
  readonly upAtMs: number | null;
  /** The outcome: share of the line that is really taken, once all cameras are on; null before. */
  readonly loadRatio: number | null;
}

/** All that forecasts of one site are made of. */
export interface SiteForecastInputs {
  /** Rooms that print; a room that is missing is not forecast. */
  readonly rooms: readonly RoomPrintInput[];
  readonly em: EmInput | null;
  readonly uplink: UplinkInput | null;
}
