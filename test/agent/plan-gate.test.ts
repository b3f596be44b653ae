import { describe, expect, it } from 'vitest';
import type { FromAgent } from '@ppe-pulse/protocol';
import { LinkGate } from '../../agent/src/plan/link-gate.ts';
import { createLog } from '../../agent/src/platform/log.ts';

/** A gate whose conduct and clock the test sets, and what it asked of the link. */
function gate(mayConnect = true) {
  const conduct = { mayConnect, backInMs: undefined as number | undefined };
  const asked: unknown[] = [];
  let nowMs = 0;
  const link = {
    start: () => void asked.push('start'),
    pause: (forMs: number) => void asked.push(`pause ${Math.round(forMs / 1_000)} s`),
    woke: () => void asked.push('woke'),
    send: (message: FromAgent) => {
      asked.push(message);
      return true;
    },
  };
  const parts = { link, conduct, log: createLog('silent'), random: () => 0.5 };
  const made = new LinkGate({ ...parts, clock: { monotonicMs: () => nowMs } });
  return {
    gate: made,
    asked,
    passes: (ms: number) => (nowMs += ms),
    goes: (to: boolean, backInMs?: number) => {
      Object.assign(conduct, { mayConnect: to, backInMs });
      made.follow();
    },
    take: () => asked.splice(0),
  };
}
const LONG = `pause ${20 * 86_400} s`;

describe('the gate of the link', () => {
  it('says goodbye and until when, and then stays shut longer than any timer says', () => {
    const { gate: made, take, goes } = gate();
    made.start();
    expect(take()).toEqual(['start']);
    goes(false, 3_600_000.4);
    expect(take()).toEqual([
      { type: 'goodbye', reason: 'stageOffline', expectedReturnMs: 3_600_000 },
      LONG,
    ]);
  });

  it('says no time where none is foreseen', () => {
    const { gate: made, take, goes } = gate();
    made.start();
    take();
    goes(false);
    expect(take()).toEqual([{ type: 'goodbye', reason: 'stageOffline' }, LONG]);
  });

  it('opens at a moment of its own', () => {
    const { gate: made, take, goes } = gate();
    made.start();
    goes(false);
    take();
    goes(true);
    expect(take()).toEqual(['pause 3 s']);
  });

  it('does not open at all when the agent starts in a quiet time, until that is over', () => {
    const { gate: made, take, goes } = gate(false);
    made.follow();
    made.start();
    expect(take()).toEqual([]);
    goes(true);
    expect(take()).toEqual(['pause 3 s']);
  });

  it('stays shut through a sleep of the PC and a person’s goodbye', () => {
    const { gate: made, take, goes } = gate();
    made.start();
    goes(false);
    take();
    made.woke();
    made.farewell({ reason: 'sleep', returnMs: 1_000 });
    made.follow();
    expect(take()).toEqual([]);
    goes(true);
    take();
    made.woke();
    expect(take()).toEqual(['woke']);
  });

  it('keeps to the time for which a person pulled the cable', () => {
    const { gate: made, take, goes, passes } = gate();
    made.start();
    take();
    made.farewell({ reason: 'stageOffline', returnMs: 600_000 });
    const goodbye = { type: 'goodbye', reason: 'stageOffline', expectedReturnMs: 600_000 };
    expect(take()).toEqual([goodbye, 'pause 600 s']);
    goes(false, 100_000);
    take();
    passes(100_000);
    goes(true);
    expect(take()).toEqual(['pause 500 s']);
  });
});
