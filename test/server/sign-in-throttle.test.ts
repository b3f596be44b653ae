import { describe, expect, it } from 'vitest';
import { FREE_TRIES, SignInThrottle } from '../../server/src/access/sign-in-throttle.ts';

/** 15 May 2024, 09:36 in Kuzbass. */
const startMs = Date.parse('2024-05-15T02:36:00Z');
const here = '192.0.2.7';

describe('the throttle of sign-ins', () => {
  it('lets people mistype a few times, and tells of a burst once', () => {
    const throttle = new SignInThrottle();
    const turns = Array.from({ length: FREE_TRIES }, () => throttle.begin('admin', here, startMs));
    expect(turns.map((turn) => turn.kind === 'go' && turn.isBurst)).toEqual([
      ...Array.from({ length: FREE_TRIES - 1 }, () => false),
      true,
    ]);
  });

  it('doubles the time to the next try, and no account waits longer than a minute', () => {
    const throttle = new SignInThrottle();
    let nowMs = startMs;
    const waits: number[] = [];
    for (let tries = 0; tries < 20; tries += 1) {
      // Another address each time: it is the account that is guessed.
      const address = `192.0.2.${tries}`;
      const turn = throttle.begin('admin', address, nowMs);
      if (turn.kind === 'wait') {
        waits.push(turn.waitMs);
        nowMs += turn.waitMs;
        expect(throttle.begin('admin', address, nowMs).kind).toBe('go');
      }
    }
    expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(Math.max(...waits)).toBe(60_000);
  });

  it('slows an address down that tries many accounts, and longer', () => {
    const throttle = new SignInThrottle();
    let [nowMs, longestMs] = [startMs, 0];
    for (let tries = 0; tries < 60; tries += 1) {
      const turn = throttle.begin(`post-${tries}`, here, nowMs);
      if (turn.kind !== 'wait') continue;
      longestMs = Math.max(longestMs, turn.waitMs);
      nowMs += turn.waitMs;
      throttle.begin(`post-${tries}`, here, nowMs);
    }
    expect(longestMs).toBe(15 * 60_000);
    // Nobody else waits for it.
    expect(throttle.begin('kemerovo', '198.51.100.1', nowMs).kind).toBe('go');
  });

  it('takes an IPv6 /64 for one address, as one peer can have it to itself', () => {
    const throttle = new SignInThrottle();
    const turns = Array.from({ length: 40 }, (_, at) =>
      throttle.begin(`post-${at}`, `2001:db8:1:2::${at}`, startMs),
    );
    expect(turns.filter(({ kind }) => kind === 'go')).toHaveLength(20);
    expect(throttle.begin('kemerovo', '2001:db8:1:3::1', startMs).kind).toBe('go');
  });

  it('is as it was after a try that is given back', () => {
    const throttle = new SignInThrottle();
    for (let tries = 0; tries < FREE_TRIES; tries += 1) throttle.begin('admin', here, startMs);
    const laterMs = startMs + 1_000;
    for (let tries = 0; tries < 40; tries += 1) {
      expect(throttle.begin('admin', here, laterMs).kind).toBe('go');
      throttle.giveBack('admin', here);
    }
    throttle.begin('admin', here, laterMs);
    expect(throttle.begin('admin', here, laterMs)).toEqual({ kind: 'wait', waitMs: 2_000 });
  });

  it('counts tries that run at the same time', () => {
    const throttle = new SignInThrottle();
    const turns = Array.from({ length: 100 }, () => throttle.begin('admin', here, startMs));
    expect(turns.filter(({ kind }) => kind === 'go')).toHaveLength(FREE_TRIES);
  });

  it('forgets an account whose password was right, and half an hour of quiet', () => {
    const throttle = new SignInThrottle();
    for (let tries = 0; tries < FREE_TRIES; tries += 1) throttle.begin('admin', here, startMs);
    throttle.succeeded('admin', here);
    expect(throttle.begin('admin', here, startMs)).toEqual({ kind: 'go', isBurst: false });
    for (let tries = 0; tries < FREE_TRIES; tries += 1) throttle.begin('tomsk', here, startMs);
    expect(throttle.begin('tomsk', here, startMs).kind).toBe('wait');
    expect(throttle.begin('tomsk', here, startMs + 30 * 60_000).kind).toBe('go');
  });

  it('remembers a bounded number, however many are tried', () => {
    const throttle = new SignInThrottle();
    for (let tries = 0; tries < 30_000; tries += 1)
      throttle.begin(`post-${tries}`, `address-${tries}`, startMs);
    expect(throttle.size).toBe(10_000);
  });
});
