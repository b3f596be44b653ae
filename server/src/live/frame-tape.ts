/** Whoever keeps the frames that boards get, as they get them. */
export interface FrameTape {
  /** True when the next thing to be given is a snapshot. */
  wantsKeyFrame(): boolean;
  /** A snapshot that holds everything that was given before. */
  begin(snapshot: string): void;
  /** A delta or a beat. */
  take(frame: string): void;
}
