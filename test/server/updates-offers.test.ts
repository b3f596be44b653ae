import { describe, expect, it } from 'vitest';
import { nextOffers } from '../../server/src/updates/next-offers.ts';
import { updateLimits } from '../../server/src/updates/update-limits.ts';
import {
  isComplete,
  isProven,
  isTooMuchTrouble,
  progressOf,
  standingOf,
} from '../../server/src/updates/standing.ts';
import { ROLLOUT_MS, agentOf, stageOf, targetOf, viewOf } from '../support/rollout-fleet.ts';
import { workstationId as idOf } from '../support/rows.ts';

const MINUTE_MS = 60_000;
const bounds = { concurrent: 8, jitterMs: 0 };
const later = ROLLOUT_MS + 10 * MINUTE_MS;
const all = stageOf({ scope: { kind: 'all' } });

describe('who is offered a version', () => {
  it('are the workstations of the stage that are here on an older one, and nobody else', () => {
    const view = viewOf([
      agentOf(1),
      agentOf(2, { siteCode: '0043' }),
      agentOf(3, { version: '0.2.0' }),
      agentOf(4, { version: '0.10.0' }),
      agentOf(5, { isHere: false, canUpdate: false }),
      agentOf(6, { canUpdate: false }),
      agentOf(7, { version: null }),
    ]);
    expect(nextOffers(stageOf(), view, bounds, later)).toEqual([idOf(1)]);
    expect(nextOffers(all, view, bounds, later)).toEqual([idOf(1), idOf(2)]);
    const tayga = stageOf({ scope: { kind: 'municipality', slug: 'tayga' } });
    expect(nextOffers(tayga, view, bounds, later)).toEqual([]);
  });

  it('is nobody in a stage that does not run', () => {
    for (const state of ['paused', 'stopped', 'done'] as const)
      expect(nextOffers(stageOf({ state }), viewOf([agentOf(1)]), bounds, later)).toEqual([]);
  });

  it('is nobody inside a rehearsal’s window, nor who said so a while ago', () => {
    const view = viewOf(
      [agentOf(1, { isFrozen: true }), agentOf(2), agentOf(3)],
      [targetOf(2, { reason: 'frozen', againAtMs: later + MINUTE_MS })],
    );
    expect(nextOffers(stageOf(), view, bounds, later)).toEqual([idOf(3)]);
    expect(standingOf(agentOf(1, { isFrozen: true }), view, later)).toBe('frozen');
    expect(standingOf(agentOf(2), view, later)).toBe('frozen');
    // Whose turn was before comes first.
    expect(nextOffers(stageOf(), view, bounds, later + MINUTE_MS)).toEqual([idOf(3), idOf(2)]);
  });

  it('is the relay first, and its members when it runs the version itself', () => {
    const relay = agentOf(5, { isRelay: true });
    const members = [1, 2].map((number) => agentOf(number, { relayId: relay.id }));
    const others = agentOf(3);
    const before = viewOf([...members, others, relay]);
    expect(nextOffers(stageOf(), before, bounds, later)).toEqual([idOf(5), idOf(3)]);
    const [member] = members;
    if (!member) throw new Error('there are two');
    expect(standingOf(member, before, later)).toBe('relayFirst');
    const onTrial = viewOf(
      [...members, { ...relay, version: '0.2.0' }],
      [targetOf(5, { state: 'trial' })],
    );
    expect(nextOffers(stageOf(), onTrial, bounds, later)).toEqual([]);
    const confirmed = targetOf(5, { state: 'confirmed' });
    const after = viewOf([...members, { ...relay, version: '0.2.0' }], [confirmed]);
    expect(nextOffers(stageOf(), after, bounds, later)).toEqual([idOf(1), idOf(2)]);
    // It confirmed and somebody installed an old one since: it has the new one's bytes no more.
    const fallen = viewOf([...members, relay], [confirmed]);
    expect(nextOffers(stageOf(), fallen, bounds, later)).toEqual([]);
  });

  it('are no more at once than the line bears, and than a relay hands on', () => {
    const many = Array.from({ length: 20 }, (_, at) => agentOf(at + 1));
    const busy = [1, 2, 3].map((number) => targetOf(number, { state: 'fetching' }));
    expect(nextOffers(stageOf(), viewOf(many, busy), bounds, later)).toHaveLength(5);
    const relay = agentOf(99, { isRelay: true, version: '0.2.0' });
    const members = many.map((agent) => ({ ...agent, relayId: relay.id }));
    const targets = [targetOf(99, { state: 'confirmed' }), targetOf(1, { state: 'offered' })];
    const offers = nextOffers(stageOf(), viewOf([relay, ...members], targets), bounds, later);
    expect(offers).toHaveLength(updateLimits.membersAtOnce - 1);
  });

  it('come each at its own moment within the jitter, the same whenever one looks', () => {
    const many = viewOf(Array.from({ length: 200 }, (_, at) => agentOf(at + 1)));
    const spread = { concurrent: 1_000, jitterMs: 100_000 };
    const at = (share: number): string[] =>
      nextOffers(stageOf(), many, spread, ROLLOUT_MS + share * spread.jitterMs);
    expect(at(0)).toEqual([]);
    const half = at(0.5);
    expect(half.length).toBeGreaterThan(70);
    expect(half.length).toBeLessThan(130);
    expect(at(0.5)).toEqual(half);
    expect(at(1).slice(0, half.length)).toEqual(half);
    expect(at(1)).toHaveLength(200);
  });

  it('are asked again after an offer that came to nothing, not before its time', () => {
    const view = viewOf([agentOf(1)], [targetOf(1, { tries: 1, againAtMs: later })]);
    expect(nextOffers(stageOf(), view, bounds, later - 1)).toEqual([]);
    expect(nextOffers(stageOf(), view, bounds, later)).toEqual([idOf(1)]);
    const never = { state: 'refused', againAtMs: Number.POSITIVE_INFINITY } as const;
    const refused = viewOf([agentOf(1)], [targetOf(1, never)]);
    expect(nextOffers(stageOf(), refused, bounds, later * 2)).toEqual([]);
  });
});

describe('how far a stage is', () => {
  const progress = (...states: ('confirmed' | 'rolledBack' | 'silent' | 'staged')[]) =>
    progressOf(
      stageOf(),
      viewOf(
        states.map((_, at) => agentOf(at + 1)),
        states.map((state, at) => targetOf(at + 1, { state })),
      ),
      later,
    );

  it('is too much trouble when more than the share of those that got it is worse off', () => {
    const good = Array.from({ length: 9 }, () => 'confirmed' as const);
    expect(isTooMuchTrouble(progress('rolledBack'), 0, 0.1)).toBe(true);
    expect(isTooMuchTrouble(progress(...good, 'rolledBack'), 0, 0.1)).toBe(false);
    expect(isTooMuchTrouble(progress(...good, 'rolledBack', 'silent'), 0, 0.1)).toBe(true);
    // What a person has seen counts no second time, what comes after it does.
    expect(isTooMuchTrouble(progress(...good, 'rolledBack', 'silent'), 2, 0.1)).toBe(false);
    expect(isTooMuchTrouble(progress('rolledBack', 'silent', 'silent'), 2, 0.1)).toBe(true);
    expect(isTooMuchTrouble(progress(), 0, 0)).toBe(false);
  });

  it('proves the version when more than half of those that it reaches have confirmed it', () => {
    expect(isProven(progress())).toBe(false);
    expect(isProven(progress('confirmed', 'staged'))).toBe(false);
    expect(isProven(progress('confirmed', 'confirmed', 'staged'))).toBe(true);
    expect(isProven(progress('confirmed', 'rolledBack', 'silent'))).toBe(false);
  });

  it('is complete when nobody is left whom it could bring to the version', () => {
    expect(isComplete(progress())).toBe(false);
    expect(isComplete(progress('confirmed', 'rolledBack'))).toBe(true);
    expect(isComplete(progress('confirmed', 'staged'))).toBe(false);
    const away = viewOf([agentOf(1, { isHere: false })]);
    expect(isComplete(progressOf(stageOf(), away, later))).toBe(false);
  });
});
