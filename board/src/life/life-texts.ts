/** Words of what lets a wall hang for a week. */
export interface LifeTexts {
  /** «состояние на 09:40». */
  readonly asOf: (time: string) => string;
  /** What to do when the session is refused, and what is shown meanwhile. */
  readonly refused: (hint: string, time: string) => string;
  readonly rotation: string;
  readonly held: (left: string) => string;
  readonly stopped: string;
  readonly noWakeLock: string;
  readonly kioskHint: string;
}
