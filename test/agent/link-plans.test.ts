import { describe, expect, it } from 'vitest';
import {
  closeCodes,
  limits,
  linkAtStart,
  stepLink,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
} from '@ppe-pulse/protocol';

/** A link at a moment, after events. */
function after(events: readonly [number, LinkEvent, number?][]): {
  state: LinkState;
  effects: readonly LinkEffect[];
} {
  let state: LinkState = linkAtStart;
  let effects: readonly LinkEffect[] = [];
  for (const [nowMs, event, random = 0.5] of events)
    ({ state, effects } = stepLink(state, event, nowMs, random));
  return { state, effects };
}

const live: [number, LinkEvent][] = [
  [0, { name: 'start' }],
  [0, { name: 'welcome', intervalMs: 5_000 }],
];

describe('a collector that says when', () => {
  it('is not asked before its Retry-After, and by each agent at its own moment after it', () => {
    const refused: LinkEvent = { name: 'closed', code: 1006, retryAfterMs: 8_000 };
    const times = [0, 0.5, 0.999].map((random) => {
      const { state } = after([
        [0, { name: 'start' }],
        [100, refused, random],
      ]);
      return state.name === 'waiting' ? Math.round(state.retryAtMs - 100) : Number.NaN;
    });
    expect(times).toEqual([8_000, 12_000, 15_992]);
  });

  it('cannot hold an agent off for longer than a person would', () => {
    const { state } = after([
      [0, { name: 'start' }],
      [0, { name: 'closed', code: 1006, retryAfterMs: 86_400_000 }, 0],
    ]);
    expect(state).toMatchObject({ name: 'waiting', retryAtMs: 240_000 });
  });

  it('is not obeyed where a person must act first', () => {
    const { state } = after([
      [0, { name: 'start' }],
      [0, { name: 'closed', code: closeCodes.notEnrolled.code, retryAfterMs: 1_000 }, 0],
    ]);
    expect(state.name === 'waiting' && state.retryAtMs).toBe(160_000);
  });
});

describe('a planned silence', () => {
  it('closes the line in order and opens it again when it is over', () => {
    const { state, effects } = after([...live, [1_000, { name: 'pause', forMs: 60_000 }]]);
    expect(state).toEqual({
      name: 'waiting',
      outage: { sinceMs: 61_000, tries: 0 },
      retryAtMs: 61_000,
    });
    expect(effects[0]).toEqual({ do: 'close', why: 'normal' });
    expect(
      after([...live, [1_000, { name: 'pause', forMs: 60_000 }], [61_000, { name: 'timer' }]])
        .effects[0],
    ).toEqual({ do: 'open' });
  });

  it('moves the next try while there is no line', () => {
    const { state, effects } = after([
      [0, { name: 'start' }],
      [0, { name: 'closed', code: 1006 }],
      [100, { name: 'pause', forMs: 9_000 }],
    ]);
    expect(state).toEqual({
      name: 'waiting',
      outage: { sinceMs: 9_100, tries: 0 },
      retryAtMs: 9_100,
    });
    expect(effects.map((effect) => effect.do)).toEqual(['wakeAt']);
  });

  it('ends when the PC wakes, each at its own moment', () => {
    const { state } = after([
      ...live,
      [1_000, { name: 'pause', forMs: 60_000 }],
      [9_000, { name: 'woke' }, 0.25],
    ]);
    expect(state).toEqual({
      name: 'waiting',
      outage: { sinceMs: 9_000, tries: 0 },
      retryAtMs: 9_000 + 0.25 * limits.reconnectFirstMs,
    });
  });
});

describe('a PC that slept', () => {
  it('gives an open line five seconds to show that it lives', () => {
    const { state } = after([...live, [2_000, { name: 'woke' }]]);
    expect(state.name === 'live' && state.deadlineMs).toBe(7_000);
    expect(after([...live, [2_000, { name: 'woke' }], [7_000, { name: 'timer' }]]).state.name).toBe(
      'waiting',
    );
    const heard = after([...live, [2_000, { name: 'woke' }], [3_000, { name: 'frame' }]]).state;
    expect(heard.name === 'live' && heard.deadlineMs).toBe(18_000);
  });

  it('is not held up further by a line that was about to be given up', () => {
    const { state } = after([...live, [14_000, { name: 'woke' }]]);
    expect(state.name === 'live' && state.deadlineMs).toBe(15_000);
  });

  it('does not start a link that was never started or is stopped', () => {
    expect(after([[0, { name: 'woke' }]]).state).toEqual(linkAtStart);
    expect(after([...live, [0, { name: 'stop' }], [1, { name: 'woke' }]]).state.name).toBe(
      'stopped',
    );
    expect(
      after([...live, [0, { name: 'stop' }], [1, { name: 'pause', forMs: 1 }]]).state.name,
    ).toBe('stopped');
  });
});
