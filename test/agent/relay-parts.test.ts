import { describe, expect, it } from 'vitest';
import { createAgentDecoder } from '@ppe-pulse/protocol/codec';
import type { FromAgent, Member } from '@ppe-pulse/protocol';
import { addressOf, partsOf } from '../../agent/src/relay/address.ts';
import { HqTime } from '../../agent/src/relay/hq-time.ts';
import { Introductions } from '../../agent/src/relay/introductions.ts';
import { Ledger } from '../../agent/src/relay/ledger.ts';
import { LiveAllowance } from '../../agent/src/relay/live-allowance.ts';
import { isOfThisPc } from '../../agent/src/local/loopback.ts';
import { Strangers } from '../../agent/src/relay/strangers.ts';

const ID = `w-${'1'.repeat(16)}`;
const [OLD, NEW] = ['a'.repeat(16), 'b'.repeat(16)];

function member(bootId: string): Member {
  return {
    type: 'member',
    agentId: ID,
    bootId,
    state: 'joined',
    agentVersion: '0.1.0',
    capabilities: [],
    inventory: {
      platform: 'linux',
      arch: 'x64',
      osRelease: '6',
      cpuCores: 2,
      ramBytes: 1,
      runtime: 'node 20',
    },
  };
}

/** What was told, as short words; every frame is one that a collector takes. */
function introductions(line = { isUp: true }) {
  const told: string[] = [];
  const decode = createAgentDecoder();
  const each = new Introductions((message: FromAgent) => {
    if (!line.isUp) return false;
    decode(JSON.stringify(message));
    if (message.type === 'member') told.push(`${message.state} ${message.bootId[0]}`);
    else if (message.type === 'goodbye')
      told.push(`goodbye ${message.reason} ${message.expectedReturnMs ?? ''}`.trim());
    return true;
  });
  return { each, told };
}

describe('whom a relay has introduced', () => {
  it('is told once when it joins, and when it leaves', () => {
    const { each, told } = introductions();
    each.update(ID, [member(OLD)]);
    each.update(ID, [member(OLD)]);
    each.heard(ID, OLD, [member(OLD)]);
    expect(each.bootOf(ID)).toBe(OLD);
    each.update(ID, []);
    each.update(ID, []);
    expect(told).toEqual(['joined a', 'left a']);
    expect(each.bootOf(ID)).toBeUndefined();
  });

  it('stays the older boot until the newer is heard as the workstation', () => {
    const { each, told } = introductions();
    each.heard(ID, OLD, [member(OLD)]);
    each.update(ID, [member(OLD), member(NEW)]);
    expect(told).toEqual(['joined a']);
    each.heard(ID, NEW, [member(OLD), member(NEW)]);
    expect(told).toEqual(['joined a', 'left a', 'joined b']);
    each.update(ID, [member(NEW)]);
    expect(told).toHaveLength(3);
  });

  it('is told again on a new line, and not on none', () => {
    const line = { isUp: false };
    const { each, told } = introductions(line);
    each.update(ID, [member(OLD)]);
    expect([told, each.bootOf(ID)]).toEqual([[], undefined]);
    line.isUp = true;
    each.update(ID, [member(OLD)]);
    each.forget();
    each.update(ID, [member(OLD)]);
    expect(told).toEqual(['joined a', 'joined a']);
  });

  it('has its goodbye told when the line is back, with the time that is left', () => {
    const line = { isUp: false };
    const { each, told } = introductions(line);
    const goodbye = { type: 'goodbye', reason: 'stageOffline', expectedReturnMs: 60_000 } as const;
    each.saidGoodbye(ID, goodbye, 1_000);
    line.isUp = true;
    each.repeatFarewells(21_000);
    each.repeatFarewells(1_000_000);
    expect(told).toEqual(['goodbye stageOffline 40000', 'goodbye stageOffline 0']);
    // Back again: the farewell is over.
    each.update(ID, [member(OLD)]);
    each.repeatFarewells(2_000_000);
    expect(told).toHaveLength(3);
  });
});

describe('the time in the Штаб', () => {
  const clock = (wallMs: number) => {
    const now = { elapsedMs: 0 };
    return {
      now,
      of: { wallMs: () => wallMs + now.elapsedMs, elapsedMs: () => now.elapsedMs },
    };
  };

  it('is the PC’s, put right by what an earlier run knew, until the collector is heard', () => {
    const { of, now } = clock(1_000_000);
    const time = new HqTime(of, -36_000);
    now.elapsedMs = 500;
    expect([time.nowMs(), time.isKnown, time.errorBeforeMs]).toEqual([964_500, false, 0]);
    time.learn(2_000_000);
    now.elapsedMs = 1_500;
    expect([time.nowMs(), time.isKnown]).toEqual([2_001_000, true]);
    expect(time.wallOffsetMs).toBe(2_001_000 - 1_001_500);
  });

  it('remembers how wrong it was before, once', () => {
    const { of } = clock(1_000_000);
    const time = new HqTime(of, 0);
    time.learn(37_000_000);
    time.learn(37_000_020);
    expect(time.errorBeforeMs).toBe(36_000_000);
    const right = new HqTime(of, 0);
    right.learn(1_000_030);
    expect(right.errorBeforeMs).toBe(0);
  });
});

describe('the ledger of a spool', () => {
  it('knows what it has taken, of the newest 64 boots', () => {
    const ledger = new Ledger();
    for (let boot = 0; boot < 70; boot += 1) ledger.add(boot.toString(16).padStart(16, '0'), 7);
    const has = (boot: number): boolean => ledger.has(boot.toString(16).padStart(16, '0'), 7);
    expect([has(0), has(5), has(6), has(69)]).toEqual([false, false, true, true]);
    expect(ledger.has('0'.repeat(15) + 'f', 8)).toBe(false);
  });

  it('does not grow by a peer that leaves gaps on purpose', () => {
    const ledger = new Ledger();
    for (let seq = 1; seq <= 20_000; seq += 2) ledger.add(OLD, seq);
    expect(ledger.has(OLD, 19_999)).toBe(true);
    expect(ledger.has(OLD, 1)).toBe(false);
  });
});

describe('what strangers and members may take', () => {
  it('is so many places in all and of one address, and a place is left once', () => {
    const strangers = new Strangers({ inAll: 3, perAddress: 2 });
    const first = strangers.admit('a');
    strangers.admit('a');
    expect(strangers.admit('a')).toBeUndefined();
    expect(strangers.admit('b')).toBeDefined();
    expect(strangers.admit('c')).toBeUndefined();
    first?.();
    first?.();
    expect(strangers.count).toBe(2);
    expect(strangers.admit('a')).toBeDefined();
  });

  it('is ten live frames at once and two a second, each for itself', () => {
    const allowance = new LiveAllowance();
    const taken = (id: string, atMs: number, tries: number): number =>
      Array.from({ length: tries }, () => allowance.take(id, atMs)).filter(Boolean).length;
    expect(taken('a', 0, 50)).toBe(10);
    expect(taken('a', 3_000, 50)).toBe(6);
    expect(taken('b', 3_000, 50)).toBe(10);
    expect(taken('a', 3_600_000, 50)).toBe(10);
  });
});

describe('an address', () => {
  it('names a workstation and one of its boots', () => {
    expect(partsOf(addressOf(ID, OLD))).toEqual({ agentId: ID, bootId: OLD });
  });
});

describe('a request for the page of the Штаб', () => {
  it.each([
    [{ host: '127.0.0.1:8087' }, true],
    [{ host: 'localhost:8087', origin: 'http://localhost:8087' }, true],
    [{ host: '[::1]:8087' }, true],
    [{ host: '127.0.0.1:8087', origin: 'http://evil.example' }, false],
    [{ host: '127.0.0.1:8087', origin: 'null' }, false],
    [{ host: '127.0.0.1:8087', origin: 'http://127.0.0.1:9000' }, false],
    [{ host: 'evil.example:8087' }, false],
    [{ host: 'evil.example' }, false],
    [{ host: '127.0.0.1.evil.example:8087' }, false],
    [{ host: '127.0.0.1:80' }, false],
    [{}, false],
  ])('with %j is ours: %s', (headers, isOurs) => {
    expect(isOfThisPc(headers, 8_087)).toBe(isOurs);
  });
});
