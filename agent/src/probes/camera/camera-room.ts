/** Whether a room has video: from any of its cameras. Time is given. */
export class CameraRoom {
  /** Undefined until the camera was looked at for the first time. */
  readonly #cameras = new Map<
    number,
    { readonly isStreaming: boolean; readonly sinceMs: number } | undefined
  >();
  #outageMs = 0;
  #darkSinceMs: number | undefined;

  /** A camera belongs to the room. */
  join(device: number): void {
    this.#cameras.set(device, undefined);
  }

  /** What one camera's newest look showed; `sinceMs` is when this really began, as far as is known. */
  report(device: number, isStreaming: boolean, sinceMs: number): void {
    const before = this.#cameras.get(device);
    if (before?.isStreaming !== isStreaming) this.#cameras.set(device, { isStreaming, sinceMs });
    const cameras = [...this.#cameras.values()];
    const hasVideo = cameras.some((each) => each?.isStreaming);
    if (hasVideo) this.#lightUp(sinceMs);
    // A camera that nobody has looked at yet may well stream.
    else if (cameras.every((each) => each !== undefined))
      this.#darkSinceMs ??= Math.max(...cameras.map((each) => each.sinceMs));
  }

  isOtherStreaming(device: number): boolean {
    return [...this.#cameras].some(([each, seen]) => each !== device && seen?.isStreaming === true);
  }

  /** Time without video from any camera of the room since the agent's start, nights left out. */
  outageMs(nowMs: number): number {
    return this.#outageMs + this.#lengthMs(nowMs);
  }

  #lightUp(nowMs: number): void {
    const lengthMs = this.#lengthMs(nowMs);
    this.#darkSinceMs = undefined;
    this.#outageMs = lengthMs >= NIGHT_MS ? 0 : this.#outageMs + lengthMs;
  }

  #lengthMs(nowMs: number): number {
    return this.#darkSinceMs === undefined ? 0 : Math.max(0, nowMs - this.#darkSinceMs);
  }
}

/** Cameras that were off for so long were off for the night: another day begins with their video. */
const NIGHT_MS = 8 * 3_600_000;
