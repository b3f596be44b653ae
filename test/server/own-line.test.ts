import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OwnLineDoubt, isItMe, type Hearing } from '../../server/src/self-check/own-line.ts';
import { createLookout, isLocal, landmarks } from '../../server/src/self-check/reachability.ts';

const all: Hearing = { heard: 0, missed: 12, missedSites: 4 };
const some: Hearing = { heard: 8, missed: 5, missedSites: 2 };
const fine: Hearing = { heard: 12, missed: 0, missedSites: 0 };

describe('«Is it me?»', () => {
  it.each([
    ['all are missed and nothing answers', all, 'fails', true],
    ['all are missed and a landmark answers', all, 'works', false],
    ['all of four ППЭ are missed and there is nobody to ask', all, 'unknown', true],
    ['a third is missed and nothing answers', some, 'fails', true],
    ['a third is missed and there is nobody to ask', some, 'unknown', false],
    ['all of one ППЭ are missed', { heard: 0, missed: 6, missedSites: 1 }, 'unknown', false],
    ['four are missed', { heard: 0, missed: 4, missedSites: 4 }, 'fails', false],
    ['one of twenty is missed', { heard: 95, missed: 5, missedSites: 5 }, 'fails', false],
  ] as const)('when %s', (_, hearing, line, expected) => {
    expect(isItMe(hearing, line)).toBe(expected);
  });

  it('is asked when more are missed, and again every five seconds while they are', () => {
    const doubt = new OwnLineDoubt();
    expect(doubt.wantsLook(fine, 0)).toBe(false);
    expect(doubt.wantsLook(some, 500)).toBe(true);
    expect(doubt.looked(some, 'works', 600)).toBe(false);
    expect(doubt.wantsLook(some, 1_000)).toBe(false);
    expect(doubt.wantsLook({ ...some, missed: 6 }, 1_500)).toBe(true);
    expect(doubt.wantsLook({ ...some, missed: 6 }, 6_000)).toBe(true);
    expect(doubt.wantsLook(fine, 20_000)).toBe(false);
  });

  it('is over when a landmark answers, or when half of the missed are heard', () => {
    const doubt = new OwnLineDoubt();
    expect([doubt.looked(all, 'fails', 0), doubt.isCutOff]).toEqual([true, true]);
    expect([doubt.looked(all, 'fails', 500), doubt.isCutOff]).toEqual([false, true]);
    expect([doubt.looked(all, 'works', 1_000), doubt.isCutOff]).toEqual([true, false]);
    doubt.looked(all, 'unknown', 2_000);
    for (let heard = 1; heard <= 5; heard += 1) doubt.heard(`w-${heard}`);
    expect([doubt.looked(all, 'unknown', 2_500), doubt.isCutOff]).toEqual([false, true]);
    doubt.heard('w-6');
    expect([doubt.looked(all, 'unknown', 3_000), doubt.isCutOff]).toEqual([true, false]);
  });

  it('is not answered any more by a landmark that is dead while workstations are heard', () => {
    const doubt = new OwnLineDoubt();
    doubt.looked(some, 'fails', 0);
    for (const id of ['w-1', 'w-2', 'w-3']) doubt.heard(id);
    doubt.looked(some, 'fails', 1_000);
    expect([doubt.looked(some, 'fails', 6_000), doubt.isCutOff]).toEqual([false, false]);
    // Once it answers again it is believed again.
    expect(doubt.wantsLook(fine, 12_000)).toBe(true);
    doubt.looked(fine, 'works', 12_000);
    expect([doubt.looked(some, 'fails', 20_000), doubt.isCutOff]).toEqual([true, true]);
  });
});

describe('landmarks', () => {
  it('answer by a connect or by a refusal, and not by a name that nobody knows', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await createLookout([{ host: '127.0.0.1', port }])()).toBe('works');
    expect(await createLookout([{ host: '127.0.0.1', port: 1 }])()).toBe('works');
    expect(await createLookout([{ host: 'nobody.invalid', port }])()).toBe('fails');
    expect(await createLookout([])()).toBe('unknown');
  });

  it('are hosts with ports, and resolvers without', () => {
    expect(landmarks(['dns.region.example:853', '10.0.0.1', '[fd00::1]:53', 'fd00::2'])).toEqual([
      { host: 'dns.region.example', port: 853 },
      { host: '10.0.0.1', port: 53 },
      { host: 'fd00::1', port: 53 },
      { host: 'fd00::2', port: 53 },
    ]);
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', ''].every(isLocal)).toBe(true);
    expect(['10.0.0.1', 'fd00::1', '::ffff:10.0.0.1'].some(isLocal)).toBe(false);
  });
});
