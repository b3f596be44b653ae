import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import type { LiveState } from '@ppe-pulse/protocol';
import { freshnessOf, type Freshness } from './freshness.ts';
import type { LineState, LiveSource } from './live-source.ts';
import { renewedClock } from './monotonic.ts';

/** Where the page has its picture from: the live client made in `main.tsx`, in a replay the film. */
export const LiveContext = createContext<LiveSource | null>(null);

const SECOND_MS = 1_000;
/** Ages are told in steps: of a picture that keeps coming the age is always the first one. */
const AGE_STEP_MS = 500;
const pageClock = renewedClock(AGE_STEP_MS);

function useClient(): LiveSource {
  const client = useContext(LiveContext);
  if (!client) throw new Error('the page has no live client');
  return client;
}

/** A part of the picture. Renders again only when the part is another object or value. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.state));
}

/** A fact about the line. */
export function useLine<T>(select: (line: LineState) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.line));
}

/** The picture, the line, and how old the one is by the other. */
export interface Moment {
  readonly state: LiveState;
  readonly line: LineState;
  /** Monotonic, ms; never before the newest frame. */
  readonly nowMs: number;
  readonly frameAgeMs: number;
}

/**
 * What is told of the picture and of the time that goes by; looked at with every frame and twice a
 * second, renders again only when it is another value. `select` answers no objects.
 */
export function useMoment<T extends string | number | boolean | null>(
  select: (moment: Moment) => T,
): T {
  const client = useClient();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [client.subscribe(listener), pageClock.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [client],
  );
  return useSyncExternalStore(subscribe, () => select(momentOf(client)));
}

/** Monotonic time, renewed in this rhythm: proof of life that stops when scripts stop. */
export function useMonotonic(everyMs: number): number {
  const clock = useMemo(() => renewedClock(everyMs), [everyMs]);
  return useSyncExternalStore(clock.subscribe, clock.nowMs);
}

/** How far the picture may be trusted now, and how old it is, in steps of half a second. */
export function useFreshness(): { freshness: Freshness; frameAgeMs: number } {
  const freshness = useMoment(freshnessAt);
  const frameAgeMs = useMoment(ageInSteps);
  return { freshness, frameAgeMs };
}

/** The collector's clock now, whole seconds in ms since 1970 UTC. */
export function useServerSecond(): number {
  return useMoment(serverSecond);
}

function serverSecond({ state, frameAgeMs }: Moment): number {
  return Math.floor((state.serverTimeMs + frameAgeMs) / SECOND_MS) * SECOND_MS;
}

function ageInSteps({ frameAgeMs }: Moment): number {
  return Math.floor(frameAgeMs / AGE_STEP_MS) * AGE_STEP_MS;
}

function freshnessAt({ line, nowMs }: Moment): Freshness {
  return line.heldAgeMs === undefined ? freshnessOf(line, nowMs) : 'live';
}

function momentOf({ state, line }: LiveSource): Moment {
  const { lastFrameMs, heldAgeMs } = line;
  // A frame may be younger than the last renewal of the clock.
  const nowMs = Math.max(pageClock.nowMs(), lastFrameMs ?? 0);
  const frameAgeMs = heldAgeMs ?? (lastFrameMs === null ? 0 : nowMs - lastFrameMs);
  return { state, line, nowMs, frameAgeMs };
}
