import { describe, expect, it } from 'vitest';
import { rollbackReasons, updateRefusals } from '@ppe-pulse/protocol/update';
import type { Target } from '../../server/src/updates/rollout.ts';
import {
  afterOffer,
  afterRead,
  afterTime,
  afterWord,
} from '../../server/src/updates/target-after.ts';
import { updateLimits as named } from '../../server/src/updates/update-limits.ts';
import { versionOrder } from '../../server/src/updates/version-order.ts';
import { ROLLOUT_MS as T, agentOf, targetOf } from '../support/rollout-fleet.ts';

const order = versionOrder('0.2.0');
const here = agentOf(1);
const away = agentOf(1, { isHere: false, canUpdate: false });
const updated = agentOf(1, { version: '0.2.0' });
const after = (target: Target, agent = here, spanMs = 0): Target =>
  afterTime(target, agent, order, T + spanMs);

describe('the word of an agent', () => {
  it.each(['fetching', 'staged', 'trial', 'confirmed'] as const)('is believed: %s', (state) => {
    const target = afterWord(targetOf(1, { tries: 3, againAtMs: T }), { state, reason: '' }, T);
    expect(target).toMatchObject({ state, tries: 0, againAtMs: 0, atMs: T });
  });

  it.each([...rollbackReasons])('says why it is back on the old version: %s', (reason) => {
    const target = afterWord(targetOf(1, { state: 'trial' }), { state: 'rolledBack', reason }, T);
    expect(target).toMatchObject({ state: 'rolledBack', reason });
    // Nobody offers it again, however long it is here.
    expect(after(target, here, named.stagedMs * 100)).toBe(target);
  });

  it.each([...updateRefusals])('says why it does not take it: %s', (reason) => {
    const target = afterWord(targetOf(1), { state: 'refused', reason }, T);
    const passes = reason === 'frozen' || reason === 'noSpace';
    expect(target.state).toBe(reason === 'frozen' ? 'waiting' : 'refused');
    expect(target.againAtMs).toBe(passes ? T + named.refusedAgainMs : Number.POSITIVE_INFINITY);
  });
});

describe('what time and the fleet show', () => {
  it('ends an offer that nobody answered, waits longer each time and gives up', () => {
    let target = targetOf(1);
    let nowMs = T;
    const waits: number[] = [];
    for (let offers = 1; offers <= named.tries; offers += 1) {
      target = afterOffer(target, nowMs);
      expect(afterTime(target, here, order, nowMs + named.offerMs - 1)).toBe(target);
      nowMs += named.offerMs;
      target = afterTime(target, here, order, nowMs);
      if (target.state === 'waiting') waits.push(target.againAtMs - nowMs);
      nowMs = Math.min(target.againAtMs, nowMs + named.retryCapMs);
    }
    expect(waits.map((each) => each / named.retryMs)).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(target).toMatchObject({ state: 'refused', reason: 'noAnswer' });
  });

  it('frees the place of one that left while it fetched, without holding it against it', () => {
    const fetching = afterRead(afterOffer(targetOf(1), T), T);
    expect(after(fetching, here, named.fetchMs - 1)).toBe(fetching);
    expect(after(fetching, here, named.fetchMs)).toMatchObject({ reason: 'stalled', tries: 1 });
    const left = after(fetching, away, 5);
    expect(left).toMatchObject({ state: 'waiting', reason: 'left', tries: 0, againAtMs: T + 5 });
  });

  it('calls one silent that took the version and is not heard any more, until it is back', () => {
    const trial = targetOf(1, { state: 'trial' });
    const gone = after(trial, away, 1_000);
    expect(gone).toMatchObject({ state: 'trial', goneAtMs: T + 1_000 });
    expect(after(gone, away, named.silentMs)).toBe(gone);
    // It was back in between: what counts is how long it is away now.
    const back = after(gone, here, 60_000);
    expect(back.goneAtMs).toBeNull();
    const silent = after(gone, away, 1_000 + named.silentMs);
    expect(silent).toMatchObject({ state: 'silent', reason: 'notHeard' });
    expect(after(silent, away, named.silentMs * 9)).toBe(silent);
    expect(after(silent, updated, named.silentMs * 2)).toMatchObject({ state: 'trial' });
    expect(after(silent, here, named.silentMs * 2)).toMatchObject({ state: 'staged' });
  });

  it('believes a version that is heard long enough, also without a word', () => {
    const heard = after(targetOf(1), updated);
    expect(heard).toMatchObject({ state: 'trial', reason: 'heard' });
    expect(after(heard, updated, named.trialMs - 1)).toBe(heard);
    const confirmed = after(heard, updated, named.trialMs);
    expect(confirmed).toMatchObject({ state: 'confirmed' });
    expect(after(confirmed, updated, named.trialMs * 50)).toBe(confirmed);
  });

  it('sees one that is back on the old version and did not say so', () => {
    const trial = targetOf(1, { state: 'trial' });
    expect(after(trial, here, named.trialMs)).toBe(trial);
    const fallen = { state: 'rolledBack', reason: 'oldVersion' };
    expect(after(trial, here, named.trialMs * 2)).toMatchObject(fallen);
    const confirmed = targetOf(1, { state: 'confirmed' });
    expect(after(confirmed, here, named.trialMs)).toMatchObject(fallen);
    const newer = agentOf(1, { version: '0.3.0' });
    expect(after(confirmed, newer, named.trialMs)).toBe(confirmed);
  });

  it('asks again whom the version lies beside and who does not start it', () => {
    const staged = targetOf(1, { state: 'staged' });
    expect(after(staged, here, named.stagedMs - 1)).toBe(staged);
    const again = after(staged, here, named.stagedMs);
    expect(again).toMatchObject({ state: 'waiting', reason: 'notStarted', tries: 1 });
  });
});
