import { describe, expect, it } from 'vitest';
import { RefusalLog } from '@ppe-pulse/protocol';
import { DoorStage, FakePeer } from '../support/door-stage.ts';

const MINUTE_MS = 60_000;

describe('the log of refusals', () => {
  it('tells of a peer once a minute, with how many were not told', () => {
    const log = new RefusalLog();
    expect(log.tell('10.0.0.1', 0)).toBe(0);
    for (let at = 1; at <= 500; at += 1) expect(log.tell('10.0.0.1', at)).toBeUndefined();
    expect(log.tell('10.0.0.2', 600)).toBe(0);
    expect(log.tell('10.0.0.1', MINUTE_MS)).toBe(500);
    expect(log.tell('10.0.0.1', 2 * MINUTE_MS)).toBe(0);
  });

  it('writes a bounded number of lines, however many addresses a peer has', () => {
    const log = new RefusalLog();
    let lines = 0;
    for (let at = 0; at < 50_000; at += 1)
      if (log.tell(`2001:db8::${at}`, (at * 3 * MINUTE_MS) / 50_000) !== undefined) lines += 1;
    expect(lines).toBe(300);
    // Who is new is told again when it is quiet.
    expect(log.tell('192.0.2.1', 9 * MINUTE_MS)).toBe(0);
  });
});

describe('a door', () => {
  it('closes every stranger and fills no log with them', () => {
    const told: object[] = [];
    const log = { info: () => undefined, warn: (facts: object) => void told.push(facts) };
    const stage = new DoorStage({ log });
    const strangers = Array.from({ length: 1_000 }, () => new FakePeer(stage, 'w-stranger', 'b1'));
    for (const stranger of strangers) stranger.shakeHands();
    expect(strangers.every(({ closeCode }) => closeCode === 4403)).toBe(true);
    expect(told).toMatchObject([{ code: 4403, remote: '10.0.0.1', untold: 0 }]);
  });
});
