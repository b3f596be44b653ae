import { describe, expect, it } from 'vitest';
import { createLog } from '../../agent/src/platform/log.ts';
import { TrialWatch } from '../../agent/src/update/trial-watch.ts';
import { VirtualTimers, settle } from '../support/virtual-timers.ts';

interface World {
  readonly passes?: readonly boolean[];
  readonly needsWelcome?: boolean;
  readonly mayConnect?: () => boolean;
  readonly confirm?: () => boolean;
}

/** A trial whose minute only the test lets pass. */
function trialOf({ passes = [true], needsWelcome = true, mayConnect, confirm }: World = {}) {
  const timers = new VirtualTimers();
  const outcomes: string[] = [];
  const left = [...passes];
  const watch = new TrialWatch({
    trial: { version: '0.2.0', tries: 1, needsWelcome, untilMs: null, failure: null },
    timers,
    log: createLog('silent'),
    selfTest: async () => left.shift() ?? false,
    mayConnect: mayConnect ?? (() => true),
    confirm: () => {
      const isKept = confirm?.() ?? true;
      outcomes.push(isKept ? 'confirmed' : 'not kept');
      return isKept;
    },
    fail: (failure) => void outcomes.push(failure),
  });
  watch.start();
  return { watch, timers, outcomes };
}

describe('a new version on trial', () => {
  it('is confirmed by a welcome and a self-test, in either order, and once', async () => {
    const first = trialOf();
    first.watch.welcomed();
    expect(first.outcomes).toEqual([]);
    await settle();
    expect(first.outcomes).toEqual(['confirmed']);
    const second = trialOf();
    await settle();
    second.watch.welcomed();
    second.watch.welcomed();
    await second.timers.advance(600_000);
    expect(second.outcomes).toEqual(['confirmed']);
  });

  it('fails without a welcome after a minute, and not a moment before', async () => {
    const { timers, outcomes } = trialOf();
    await timers.advance(59_999);
    expect(outcomes).toEqual([]);
    await timers.advance(1);
    expect(outcomes).toEqual(['notConnected']);
    await timers.advance(600_000);
    expect(outcomes).toEqual(['notConnected']);
  });

  it('fails without a self-test, though welcomed; a second one in time is enough', async () => {
    const bad = trialOf({ passes: [false, false] });
    bad.watch.welcomed();
    await bad.timers.advance(60_000);
    expect(bad.outcomes).toEqual(['selfTestFailed']);
    const good = trialOf({ passes: [false, true] });
    good.watch.welcomed();
    await settle();
    expect(good.outcomes).toEqual(['confirmed']);
  });

  it('needs no welcome where there was no line when it came, but its minute', async () => {
    const { timers, outcomes } = trialOf({ needsWelcome: false });
    await timers.advance(59_999);
    expect(outcomes).toEqual([]);
    await timers.advance(1);
    expect(outcomes).toEqual(['confirmed']);
  });

  it('is not judged while the plan lets it have no line', async () => {
    let mayConnect = false;
    const { timers, outcomes } = trialOf({ mayConnect: () => mayConnect });
    await timers.advance(3_600_000);
    expect(outcomes).toEqual([]);
    mayConnect = true;
    await timers.advance(60_000);
    expect(outcomes).toEqual(['notConnected']);
  });

  it('says again that it works when the disk did not take the word', async () => {
    let isFull = true;
    const { watch, timers, outcomes } = trialOf({ confirm: () => !isFull });
    await settle();
    watch.welcomed();
    await timers.advance(10_000);
    isFull = false;
    await timers.advance(5_000);
    expect(outcomes).toEqual(['not kept', 'not kept', 'not kept', 'confirmed']);
  });

  it('is judged by nobody once the agent stops', async () => {
    const { watch, timers, outcomes } = trialOf();
    watch.stop();
    watch.welcomed();
    await timers.advance(600_000);
    expect(outcomes).toEqual([]);
  });
});
