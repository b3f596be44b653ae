/** One receiver of a package. */
export interface FairShareLine {
  readonly siteCode: string;
  /** What its own line takes at most. */
  readonly bytesPerSecond: number;
  /** What is left for it; missing says: the whole package. */
  readonly bytes?: number;
  /** When it starts, from the beginning; missing says: at once. */
  readonly startSeconds?: number;
}

/** Many receivers behind one uplink. */
export interface FairShareWorld {
  /** Size of the package. */
  readonly bytes: number;
  /** What the server's line gives to all of them together. */
  readonly serverBytesPerSecond: number;
  readonly lines: readonly FairShareLine[];
}

/** How one receiver fares. */
export interface FairShareEnd {
  readonly siteCode: string;
  /** From the beginning, not from its own start; infinite on a line that carries nothing. */
  readonly finishSeconds: number;
  /** Over its own time from start to finish; 0 where it never ends. */
  readonly meanBytesPerSecond: number;
}

/** How the day goes when all share the uplink. */
export interface FairShareResult {
  /** In the order of the lines. */
  readonly ends: readonly FairShareEnd[];
  /** When the last one is done; infinite when one never is. */
  readonly lastSeconds: number;
  /** For how long the uplink, and not the receivers' lines, was the limit. */
  readonly saturatedSeconds: number;
}

/** A receiver while the shares are counted out. */
interface Flow {
  readonly at: number;
  readonly cap: number;
  readonly startSeconds: number;
  leftBytes: number;
}

/** Less than a byte is nothing: it is rounding of the steps before. */
const NOTHING_BYTES = 1e-3;

/**
 * Max-min fair sharing of the server's uplink: who needs less than an equal share gets what its line
 * takes, the rest is divided evenly, as TCP does between alike flows. Exact: from event to event
 * (a start, a finish), not in steps of time. O(n²) for n lines: 6,000 of them take well under a
 * second.
 */
export function fairShareFinish(world: FairShareWorld): FairShareResult {
  const flows = flowsOf(world);
  const finishes: number[] = world.lines.map(() => Number.POSITIVE_INFINITY);
  let nowSeconds = 0;
  let saturatedSeconds = 0;
  let waiting = [...flows].sort((a, b) => a.startSeconds - b.startSeconds);
  // By capacity, so that a share is counted out in one walk.
  let active: readonly Flow[] = [];
  for (;;) {
    const beginning = waiting.filter(({ startSeconds }) => startSeconds <= nowSeconds);
    if (beginning.length > 0) {
      waiting = waiting.slice(beginning.length);
      active = [...active, ...beginning].sort((a, b) => a.cap - b.cap);
    }
    active = active.filter((flow) => {
      if (flow.leftBytes > NOTHING_BYTES) return true;
      finishes[flow.at] = Math.max(nowSeconds, flow.startSeconds);
      return false;
    });
    const next = waiting[0]?.startSeconds ?? Number.POSITIVE_INFINITY;
    const level = shareOf(active, world.serverBytesPerSecond);
    const stepSeconds = Math.min(next - nowSeconds, firstFinish(active, level));
    if (!Number.isFinite(stepSeconds)) break;
    for (const flow of active) flow.leftBytes -= rateOf(flow, level) * stepSeconds;
    if (active.some(({ cap }) => cap > level)) saturatedSeconds += stepSeconds;
    const isStart = stepSeconds === next - nowSeconds;
    nowSeconds = isStart ? next : nowSeconds + stepSeconds;
  }
  return { ends: endsOf(world, finishes), lastSeconds: lastOf(finishes), saturatedSeconds };
}

/** Share of each flow that wants more than it: max-min over flows ordered by capacity. */
function shareOf(active: readonly Flow[], capacity: number): number {
  let left = Math.max(0, capacity);
  let others = active.length;
  for (const { cap } of active) {
    if (cap * others >= left) return left / others;
    left -= cap;
    others -= 1;
  }
  return Number.POSITIVE_INFINITY;
}

function rateOf({ cap }: Flow, level: number): number {
  return Math.min(cap, level);
}

function firstFinish(active: readonly Flow[], level: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const flow of active) {
    const rate = rateOf(flow, level);
    // A step never rounds to nothing: a flow that ends in it is then ended.
    if (rate > 0) first = Math.min(first, flow.leftBytes / rate);
  }
  return first;
}

function flowsOf({ lines, bytes }: FairShareWorld): Flow[] {
  return lines.map((line, at) => ({
    at,
    cap: Math.max(0, line.bytesPerSecond),
    startSeconds: Math.max(0, line.startSeconds ?? 0),
    leftBytes: Math.max(0, line.bytes ?? bytes),
  }));
}

function endsOf({ lines, bytes }: FairShareWorld, finishes: readonly number[]): FairShareEnd[] {
  return lines.map((line, at) => {
    const finishSeconds = finishes[at] ?? Number.POSITIVE_INFINITY;
    const took = finishSeconds - Math.max(0, line.startSeconds ?? 0);
    const meanBytesPerSecond = took > 0 ? Math.max(0, line.bytes ?? bytes) / took : 0;
    return { siteCode: line.siteCode, finishSeconds, meanBytesPerSecond };
  });
}

function lastOf(finishes: readonly number[]): number {
  return finishes.reduce((last, each) => Math.max(last, each), 0);
}
