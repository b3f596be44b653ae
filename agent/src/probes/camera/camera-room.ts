/** Whether a room has video: any of its cameras. Time is given. */
export class CameraRoom {
  readonly #streaming = new Map<number, boolean>();
  #outageMs = 0;
  #dark: { readonly sinceMs: number } | undefined;

  /** What one camera's newest look showed; `sinceMs` is when a fault really began. */
  report(device: number, isStreaming: boolean, sinceMs: number): void {
    this.#streaming.set(device, isStreaming);
    const hasVideo = [...this.#streaming.values()].some(Boolean);
    if (hasVideo && this.#dark) {
      this.#outageMs += Math.max(0, sinceMs - this.#dark.sinceMs);
      this.#dark = undefined;
    } else if (!hasVideo) this.#dark ??= { sinceMs };
  }

  isOtherStreaming(device: number): boolean {
    return [...this.#streaming].some(([each, isStreaming]) => each !== device && isStreaming);
  }

  /** Time without video from any camera of the room since the agent's start. */
  outageMs(nowMs: number): number {
    return this.#outageMs + (this.#dark ? Math.max(0, nowMs - this.#dark.sinceMs) : 0);
  }
}
