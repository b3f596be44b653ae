import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backOffMs,
  linkAtStart,
  stepLink,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  closeCodes,
  limits,
} from '@ppe-pulse/protocol';

/** Feeds events at given moments; answers the states and effects. */
function run(events: readonly [number, LinkEvent, number?][]): {
  state: LinkState;
  effects: LinkEffect[];
} {
  let state = linkAtStart;
  const effects: LinkEffect[] = [];
  for (const [nowMs, event, random = 0.5] of events) {
    const step = stepLink(state, event, nowMs, random);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const welcome: LinkEvent = { name: 'welcome', intervalMs: 5_000 };
const closed = (code: number): LinkEvent => ({ name: 'closed', code });

/** A small generator: the same fleet in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

describe('link machine', () => {
  it('opens at the start and is live after the welcome', () => {
    const { state, effects } = run([
      [0, { name: 'start' }],
      [40, welcome],
    ]);
    expect(state).toEqual({
      name: 'live',
      intervalMs: 5_000,
      deadlineMs: 40 + 15_000,
      retryAfterMs: 0,
    });
    expect(effects.map((effect) => effect.do)).toEqual(['open', 'wakeAt', 'wakeAt']);
  });

  it('gives a handshake up that does not end', () => {
    const { state, effects } = run([
      [0, { name: 'start' }],
      [limits.handshakeMs, { name: 'timer' }],
    ]);
    expect(state.name).toBe('waiting');
    expect(effects).toContainEqual({ do: 'close', why: 'handshakeTimeout' });
  });

  it('calls a line half-open when no frame came for three periods, and not before', () => {
    const started: [number, LinkEvent][] = [
      [0, { name: 'start' }],
      [0, welcome],
      [9_000, { name: 'frame' }],
    ];
    expect(run([...started, [23_999, { name: 'timer' }]]).state.name).toBe('live');
    const { state, effects } = run([...started, [24_000, { name: 'timer' }]]);
    expect(state.name).toBe('waiting');
    expect(effects).toContainEqual({ do: 'close', why: 'halfOpen' });
  });

  it('asks for another timer when one comes early, in every state that waits for one', () => {
    const started: [number, LinkEvent][] = [[0, { name: 'start' }]];
    const states: [[number, LinkEvent][], number][] = [
      [started, limits.handshakeMs],
      [[...started, [0, welcome]], 15_000],
      [[...started, [0, closed(1006), 0.5]] as [number, LinkEvent][], 500],
    ];
    for (const [events, dueMs] of states) {
      const before = run(events).state;
      const early = stepLink(before, { name: 'timer' }, dueMs - 0.4, 0.5);
      expect(early).toEqual({ state: before, effects: [{ do: 'wakeAt', atMs: dueMs }] });
      expect(stepLink(before, { name: 'timer' }, dueMs, 0.5).state).not.toEqual(before);
    }
  });

  it('tries soon, then within 12, 20 and 30 s by how long there is no line', () => {
    let state: LinkState = stepLink(linkAtStart, { name: 'start' }, 0, 0).state;
    let nowMs = 0;
    const ceilings: number[] = [];
    for (let attempt = 0; attempt < 14; attempt += 1) {
      const step = stepLink(state, closed(1006), nowMs, 0.999_999);
      const wake = step.effects.find((effect) => effect.do === 'wakeAt');
      ceilings.push(Math.round((wake?.atMs ?? 0) - nowMs));
      nowMs = wake?.atMs ?? nowMs;
      state = stepLink(step.state, { name: 'timer' }, nowMs, 0).state;
    }
    const [first, ...later] = ceilings;
    expect(first).toBe(limits.reconnectFirstMs);
    expect(later).toEqual(
      [12, 12, 12, 20, 20, 20, 30, 30, 30, 30, 30, 30, 30].map((s) => s * 1_000),
    );
  });

  it.each([2, 5, 20, 60, 600])(
    'brings a fleet back evenly after %d s without a collector',
    (downS) => {
      const random = createRandom(668);
      const backMs = Array.from({ length: 3_000 }, () => {
        let nowMs = 0;
        for (let tries = 0; nowMs < downS * 1_000; tries += 1)
          nowMs += backOffMs({ tries, downMs: nowMs }, random());
        return nowMs - downS * 1_000;
      });
      const lastMs = Math.max(...backMs);
      expect(lastMs).toBeLessThanOrEqual(limits.reconnectCapMs);
      const perSecond = new Map<number, number>();
      for (const each of backMs)
        perSecond.set(Math.floor(each / 1_000), (perSecond.get(Math.floor(each / 1_000)) ?? 0) + 1);
      const mean = backMs.length / Math.ceil(lastMs / 1_000);
      expect(Math.max(...perSecond.values()) / mean).toBeLessThan(3);
    },
  );

  it('asks slowly where a person must act, and comes back when the collector said', () => {
    const after = (event: LinkEvent, code: number): number => {
      const { state } = run([
        [0, { name: 'start' }],
        [0, welcome],
        [0, event],
        [1_000, closed(code)],
      ]);
      return state.name === 'waiting' ? state.retryAtMs - 1_000 : Number.NaN;
    };
    expect(after({ name: 'frame' }, closeCodes.notEnrolled.code)).toBe(240_000);
    expect(after({ name: 'comeBack', afterMs: 8_000 }, closeCodes.goingAway.code)).toBe(4_000);
    expect(after({ name: 'comeBack', afterMs: 8_000 }, closeCodes.notEnrolled.code)).toBe(240_000);
  });

  it('never opens a second socket over a first, never leaves waiting without a time, and stops for good', () => {
    const event = fc.oneof(
      fc.constantFrom<LinkEvent>({ name: 'start' }, { name: 'timer' }, welcome, { name: 'frame' }),
      fc.constantFrom(...Object.values(closeCodes).map((each) => closed(each.code)), closed(1006)),
      fc.record({ name: fc.constant('comeBack' as const), afterMs: fc.nat(60_000) }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(20_000), event, fc.double({ min: 0, max: 0.999, noNaN: true })), {
          maxLength: 60,
        }),
        (steps) => {
          let state = stepLink(linkAtStart, { name: 'start' }, 0, 0).state;
          let isOpen = true;
          let nowMs = 0;
          for (const [passedMs, each, random] of steps) {
            nowMs += passedMs;
            if (each.name === 'closed' && !isOpen) continue;
            if (each.name === 'closed') isOpen = false;
            const step = stepLink(state, each, nowMs, random);
            for (const effect of step.effects) {
              if (effect.do === 'open') {
                expect(isOpen).toBe(false);
                isOpen = true;
              }
              if (effect.do === 'close') isOpen = false;
              if (effect.do === 'wakeAt') expect(effect.atMs).toBeGreaterThanOrEqual(nowMs);
            }
            state = step.state;
            if (state.name === 'waiting') expect(Number.isFinite(state.retryAtMs)).toBe(true);
          }
          const stopped = stepLink(state, { name: 'stop' }, nowMs, 0).state;
          expect(stepLink(stopped, { name: 'timer' }, nowMs + 1e9, 0)).toEqual({
            state: { name: 'stopped' },
            effects: [],
          });
        },
      ),
      { seed: 4_211, numRuns: 500 },
    );
  });
});
