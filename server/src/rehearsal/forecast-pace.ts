/** A site's forecasts are made anew at most this often, of the rehearsal's clock. */
const FORECAST_MS = 5_000;

/** Sites whose numbers moved, and when each was forecast last: a heartbeat a site is no forecast. */
export class ForecastPace {
  readonly #moved = new Set<string>();
  readonly #madeAtMs = new Map<string, number>();

  moved(siteCode: string): void {
    this.#moved.add(siteCode);
  }

  /** Those whose turn it is; the others wait for theirs. */
  take(nowMs: number): string[] {
    const due = [...this.#moved].filter((code) => {
      const madeAtMs = this.#madeAtMs.get(code);
      return madeAtMs === undefined || Math.abs(nowMs - madeAtMs) >= FORECAST_MS;
    });
    for (const code of due) {
      this.#moved.delete(code);
      this.#madeAtMs.set(code, nowMs);
    }
    return due;
  }
}
