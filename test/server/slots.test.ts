import { describe, expect, it } from 'vitest';
import { isClosed } from '@ppe-pulse/protocol';
import {
  afterGrant,
  afterReturn,
  dueKind,
  grantable,
  noSlots,
  type SlotPolicy,
} from '../../server/src/gateway/slots.ts';

describe('throughput slots', () => {
  const policy: SlotPolicy = {
    perSiteMs: 600_000,
    concurrent: 2,
    closedFrom: '09:15',
    closedTo: '10:30',
  };
  const candidates = ['1', '2', '3'].map((siteCode) => ({
    workstationId: `w${siteCode}`,
    siteCode,
    kinds: ['download', 'upload'] as const,
  }));
  const at = (nowMs: number, localTime = '08:00') => ({ nowMs, localTime });

  it('go to few at a time, one a ППЭ, and to who waited longest', () => {
    const first = grantable(
      noSlots,
      [...candidates, { workstationId: 'w1b', siteCode: '1', kinds: ['download'] }],
      policy,
      at(0),
    );
    expect(first.map((each) => each.siteCode)).toEqual(['1', '2']);
    let state = noSlots;
    for (const each of first)
      state = afterGrant(state, { ...each, slotId: each.siteCode, expiresAtMs: 15_000 }, 0);
    expect(grantable(state, candidates, policy, at(1_000))).toEqual([]);
    state = afterReturn(state, (slot) => slot.slotId === '1');
    expect(grantable(state, candidates, policy, at(1_000)).map((each) => each.siteCode)).toEqual([
      '3',
    ]);
    state = afterReturn(state, () => true);
    expect(grantable(state, candidates, policy, at(600_000)).map((each) => each.siteCode)).toEqual([
      '3',
      '1',
    ]);
  });

  it('take turns, and skip what an agent cannot do', () => {
    const [candidate] = candidates;
    if (!candidate) throw new Error('no candidate');
    let state = noSlots;
    const kinds = Array.from({ length: 5 }, (_, turn) => {
      const kind = dueKind(state, candidate);
      state = afterGrant(state, { ...candidate, slotId: `${turn}`, expiresAtMs: 1 }, turn);
      return kind;
    });
    expect(kinds).toEqual(['download', 'upload', 'download', 'download', 'download']);
    expect(dueKind(noSlots, { ...candidate, kinds: ['upload'] })).toBe('upload');
    expect(dueKind(noSlots, { ...candidate, kinds: [] })).toBeUndefined();
  });

  it.each([
    ['09:14', false],
    ['09:15', true],
    ['10:29', true],
    ['10:30', false],
  ])('at %s are closed: %s', (localTime, closed) => {
    expect(isClosed(policy, localTime)).toBe(closed);
    expect(grantable(noSlots, candidates, policy, at(0, localTime)).length === 0).toBe(closed);
  });

  it('may be closed over midnight, never, or switched off', () => {
    expect(isClosed({ ...policy, closedFrom: '23:00', closedTo: '01:00' }, '00:30')).toBe(true);
    expect(isClosed({ ...policy, closedFrom: '00:00', closedTo: '00:00' }, '00:00')).toBe(false);
    expect(grantable(noSlots, candidates, { ...policy, perSiteMs: 0 }, at(0))).toEqual([]);
  });
});
