/** Words of what lets a wall hang for a week. */
export interface LifeTexts {
  readonly rotation: string;
  readonly held: (left: string) => string;
  readonly stopped: string;
  readonly noWakeLock: string;
  readonly kioskHint: string;
}
