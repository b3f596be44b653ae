import { existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { carryLimits, partName, readReceipt, receiptName } from '@ppe-pulse/protocol/carry';
import type { TakenHeartbeat } from '@ppe-pulse/protocol';
import { isSignedBy, openCollectorKey } from '../../server/src/access/keys.ts';
import { importFromStick, type StickImport } from '../../server/src/carry/import-from-stick.ts';
import { CarriedIntake } from '../../server/src/carry/intake.ts';
import { askCollector } from '../../server/src/cli/ask-collector.ts';
import type { Collector } from '../../server/src/collector.ts';
import { seriesRowOf } from '../../server/src/series/row-of.ts';
import type { SeriesRow } from '../../server/src/series/store.ts';
import type { Offer } from '../../server/src/series/writer.ts';
import { AgentPeer, enrol, newIdentity, type PeerIdentity } from '../support/agent-peer.ts';
import {
  CARRIED_BOOT,
  carriedHeartbeat,
  numbers,
  partOf,
  putPart,
  signerOf,
} from '../support/carried.ts';
import { api, testCollector } from '../support/collector.ts';
import { protectStick, smallStick } from '../support/stick.ts';
import { tempDir } from '../support/temp-dir.ts';

/** An hour of a room's workstation that ended ten minutes ago. */
const minutesAgo = (minutes: number): number => Date.now() - minutes * 60_000;
const hourOf = (from: number, to: number, startMs = minutesAgo(70)) =>
  numbers(from, to).map((seq) => carriedHeartbeat(seq, { wallMs: startMs + seq * 5_000 }));

const post = (collector: Collector, body: Uint8Array) =>
  askCollector({
    tls: undefined,
    address: collector.url,
    token: collector.adminToken,
    path: '/api/v1/carried',
    body,
  });

async function region(dataDir = tempDir()) {
  const collector = await testCollector({ dataDir });
  const member = newIdentity();
  await enrol(collector, member, '0012');
  return { collector, member, key: openCollectorKey(join(dataDir, 'collector.key')), dataDir };
}

const bring = (
  { collector, key }: Awaited<ReturnType<typeof region>>,
  stick: string,
  part: Partial<StickImport> = {},
) =>
  importFromStick({
    stick,
    key,
    nowMs: Date.now,
    post: (body) => post(collector, body),
    ...part,
  });

interface Bucket {
  readonly count: number;
  readonly at: string;
}

async function stored(collector: Collector, id: string): Promise<number> {
  const from = new Date(minutesAgo(120)).toISOString();
  const to = new Date(Date.now() + 60_000).toISOString();
  const { body } = await api(
    collector,
    `/api/v1/workstations/${id}/series?metric=pc.cpu.ratio&from=${from}&to=${to}&points=2000`,
  );
  const { points } = body as unknown as { points: readonly Bucket[] };
  return points.reduce((sum, { count }) => sum + count, 0);
}

const view = async (collector: Collector, { agentId }: PeerIdentity) =>
  (await api(collector, `/api/v1/workstations/${agentId}`)).body as unknown as {
    verdict: string;
    lastSeenAt: string | null;
    carried: {
      importedAt: string;
      newestAt: string;
      checks: { id: string; verdict: string }[];
    } | null;
  };

describe('POST /api/v1/carried', () => {
  it('answers when the heartbeats are durable, at their own times, each once', async () => {
    const { collector, member } = await region();
    const { file } = partOf(signerOf(member), hourOf(1, 720), minutesAgo(9));
    const first = await post(collector, file);
    expect(first).toEqual({
      kind: 'done',
      body: {
        agentId: member.agentId,
        bootId: CARRIED_BOOT,
        stored: 720,
        repeated: 0,
        refused: 0,
        ranges: [[1, 720]],
      },
    });
    expect(await stored(collector, member.agentId)).toBe(720);
    const again = await post(collector, file);
    expect(again).toMatchObject({ body: { stored: 0, repeated: 720, ranges: [[1, 720]] } });
    expect(await stored(collector, member.agentId)).toBe(720);
  });

  it('shows the workstation as carried, raises nothing and makes nobody look alive', async () => {
    const { collector, member } = await region();
    const before = await view(collector, member);
    expect(before.carried).toBeNull();
    await post(collector, partOf(signerOf(member), hourOf(1, 100), minutesAgo(9)).file);
    const after = await view(collector, member);
    expect(after.carried?.checks).toMatchObject([{ id: 'pc.cpu', verdict: 'fail' }]);
    expect(
      Math.abs(Date.parse(after.carried?.newestAt ?? '') - minutesAgo(70) - 500_000),
    ).toBeLessThan(20_000);
    expect([after.verdict, after.lastSeenAt]).toEqual([before.verdict, null]);
    const flips = await api(collector, `/api/v1/workstations/${member.agentId}/flips`);
    expect(flips.body).toEqual({ items: [] });
  });

  it('does not store what came over the line already, and acks what the line has not', async () => {
    const { collector, member } = await region();
    const peer = await AgentPeer.join(collector.url, member, CARRIED_BOOT);
    for (const seq of numbers(1, 5)) peer.send(peer.heartbeat(seq));
    await peer.until(() => peer.acked.size === 5, 'five acks');
    const answer = await post(collector, partOf(signerOf(member), hourOf(3, 12)).file);
    expect(answer).toMatchObject({ body: { stored: 7, repeated: 3, ranges: [[3, 12]] } });
    await peer.until(() => peer.acked.size === 12, 'acks of the carried ones');
  });

  it('refuses by name: strangers, wrong keys, damage, bombs, newer formats, other bodies', async () => {
    const { collector, member } = await region();
    const beats = hourOf(1, 9);
    const refusalOf = async (file: Uint8Array): Promise<string> => {
      const answer = await post(collector, file);
      return answer.kind === 'refused' ? answer.problem : answer.kind;
    };
    const good = partOf(signerOf(member), beats).file;
    expect(await refusalOf(partOf(signerOf(newIdentity()), beats).file)).toBe('unknownWorkstation');
    const thief = newIdentity();
    expect(
      await refusalOf(partOf({ ...signerOf(thief), agentId: member.agentId }, beats).file),
    ).toBe('foreignKey');
    const forged = { ...signerOf(member), sign: signerOf(thief).sign };
    expect(await refusalOf(partOf(forged, beats).file)).toBe('badSignature');
    expect(await refusalOf(good.subarray(0, good.length - 1))).toBe('damaged');
    expect(await refusalOf(new Uint8Array(0))).toBe('damaged');
    const bomb = gzipSync(Buffer.alloc(carryLimits.partTextBytes * 8));
    expect(await refusalOf(partOf(signerOf(member, { pack: () => bomb }), beats).file)).toBe(
      'damaged',
    );
    expect(
      await refusalOf(Buffer.from(`{"format":"ppe-pulse.part.v9"}\n${'A'.repeat(86)}\n`)),
    ).toBe('unsupportedFormat');
    expect(await refusalOf(Buffer.alloc(carryLimits.partFileBytes + 1))).toBe('tooBig');
    expect((await api(collector, '/api/v1/carried', { method: 'POST', body: {} })).status).toBe(
      422,
    );
    const nobody = { authorization: 'Bearer nobody-at-all-0123456789' };
    const unknown = await api(collector, '/api/v1/carried', { method: 'POST', headers: nobody });
    expect(unknown.status).toBe(401);
    expect(await stored(collector, member.agentId)).toBe(0);
    expect(await refusalOf(good)).toBe('done');
    const { text } = (await api(collector, '/metrics')).body as unknown as { text: string };
    expect(text).toContain('ppe_pulse_carried_parts_refused_total{reason="unknownWorkstation"} 1');
    expect(text).toContain('ppe_pulse_carried_parts_refused_total{reason="badSignature"} 1');
    expect(text).toMatch(/ppe_pulse_heartbeats_carried(_total)? 9/);
  });
});

describe('import on the collector', () => {
  it('stores a stick with several workstations and refuses what is not its own', async () => {
    const here = await region();
    const { collector, member, key } = here;
    const stranger = newIdentity();
    const stick = tempDir();
    for (const from of [1, 101, 201, 301, 401])
      putPart(stick, partOf(signerOf(member), hourOf(from, from + 99), minutesAgo(9)));
    const foreign = partOf(signerOf(stranger, { siteCode: '0077' }), hourOf(1, 9));
    putPart(stick, foreign);
    symlinkSync('nowhere', join(stick, 'ppe-pulse', partName({ ...foreign.name, to: 10 })));
    const report = await bring(here, stick);
    expect(report).toMatchObject({
      fault: null,
      parts: 5,
      stored: 500,
      repeated: 0,
      refusedParts: 1,
      refused: [{ part: partName(foreign.name), reason: 'unknownWorkstation' }],
      strangeEntries: 1,
      receipts: 1,
    });
    expect(report.refused[0]?.detail).toContain('0077');
    expect(await stored(collector, member.agentId)).toBe(500);
    const receipt = join(stick, 'ppe-pulse/receipts', receiptName(member.agentId, key.id));
    const parties = { agentId: member.agentId, publicKey: key.publicKey };
    const durable = () => readReceipt(readFileSync(receipt), parties, isSignedBy);
    expect([...(durable()?.boots() ?? [])]).toEqual([[CARRIED_BOOT, [[1, 500]]]]);
    expect(await bring(here, stick)).toMatchObject({ stored: 0, repeated: 500 });
    // What a receipt says stays said when a later stick brings less.
    for (const name of readdirSync(join(stick, 'ppe-pulse')))
      if (name.endsWith('.part')) rmSync(join(stick, 'ppe-pulse', name));
    putPart(stick, partOf(signerOf(member), hourOf(501, 510)));
    await bring(here, stick);
    expect([...(durable()?.boots() ?? [])]).toEqual([[CARRIED_BOOT, [[1, 510]]]]);
  });

  it('knows after a restart of the collector what it had stored', async () => {
    const dataDir = tempDir();
    const before = await region(dataDir);
    const stick = tempDir();
    putPart(stick, partOf(signerOf(before.member), hourOf(1, 50)));
    await bring(before, stick);
    await before.collector.stop();
    const collector = await testCollector({ dataDir });
    expect(await bring({ ...before, collector }, stick)).toMatchObject({ stored: 0, repeated: 50 });
    expect(await stored(collector, before.member.agentId)).toBe(50);
  });

  it('names what is wrong with the stick or the collector', async (test) => {
    const here = await region();
    const stick = tempDir();
    expect(await bring(here, stick)).toMatchObject({ fault: 'notAFolder' });
    putPart(stick, partOf(signerOf(here.member), hourOf(1, 9)));
    const failing = async () =>
      ({ kind: 'refused', detail: 'disk on fire', problem: 'internal' }) as const;
    expect(await bring(here, stick, { post: failing })).toMatchObject({
      fault: 'collectorFailed',
      detail: 'disk on fire',
    });
    const pulled = async (body: Uint8Array) => {
      const answer = await post(here.collector, body);
      renameSync(join(stick, 'ppe-pulse'), join(stick, 'pulled'));
      return answer;
    };
    expect(await bring(here, stick, { post: pulled })).toMatchObject({ stored: 9, receipts: 0 });
    renameSync(join(stick, 'pulled'), join(stick, 'ppe-pulse'));
    await here.collector.stop();
    expect(await bring(here, stick)).toMatchObject({ fault: 'nobody', parts: 0 });
    const small = smallStick(1_000_000);
    if (small === undefined) return test.skip();
    putPart(small, partOf(signerOf(here.member), hourOf(1, 9)));
    protectStick(small, true);
    const again = await testCollector({ dataDir: here.dataDir });
    expect(await bring({ ...here, collector: again }, small)).toMatchObject({
      fault: null,
      repeated: 9,
      receiptFault: 'EROFS',
    });
    expect(existsSync(join(small, 'ppe-pulse/receipts'))).toBe(false);
  });
});

describe('the intake', () => {
  const member = newIdentity();
  const placement = {
    siteCode: '0042',
    roomCode: '0012',
    role: 'organizer',
    duty: 'main',
    simulated: false,
  } as const;
  const known = { id: member.agentId, publicKey: member.publicKey, placement };

  function intake(
    part: { offer?: (beat: TakenHeartbeat) => Offer; durableWithinMs?: number } = {},
  ) {
    const rows: SeriesRow[] = [];
    const shown: TakenHeartbeat[] = [];
    const made = new CarriedIntake({
      find: () => known,
      offer: (beat) => {
        rows.push(seriesRowOf(beat));
        return part.offer?.(beat) ?? 'pending';
      },
      publish: (beat) => shown.push(beat),
      now: () => ({ wallMs: 2_000_000_000_000, monotonicMs: 5 }),
      counters: { carried: () => undefined, partRefused: () => undefined },
      durableWithinMs: part.durableWithinMs ?? 10_000,
    });
    return { made, rows, shown };
  }
  const part = (from: number, to: number) =>
    partOf(signerOf(member), hourOf(from, to), 2_000_000_000_000).file;

  it('promises only what the store has committed in time', async () => {
    const { made, rows, shown } = intake({
      offer: ({ seq }) => (seq <= 2 ? 'durable' : seq <= 4 ? 'refused' : 'pending'),
      durableWithinMs: 300,
    });
    const answer = made.take(part(1, 10));
    await expect.poll(() => rows.length).toBe(10);
    made.committed(rows.filter(({ seq }) => seq >= 5 && seq <= 7));
    made.committed([{ ...rows[8], bootId: 'another' } as SeriesRow]);
    expect(await answer).toMatchObject({
      kind: 'taken',
      stored: 3,
      repeated: 2,
      refused: 5,
      ranges: [
        [1, 2],
        [5, 7],
      ],
    });
    expect(shown.map(({ seq, delivery }) => [seq, delivery])).toEqual(
      numbers(5, 10).map((seq) => [seq, 'carried']),
    );
  });

  it('does not miss a commit between two of its own offers', async () => {
    const { made, rows } = intake({
      offer: ({ seq }) => {
        if (seq === 700) made.committed(rows.slice(0, 600));
        return 'pending';
      },
    });
    const answer = made.take(part(1, 1_000));
    await expect.poll(() => rows.length).toBe(1_000);
    made.committed(rows.slice(600));
    expect(await answer).toMatchObject({ stored: 1_000, refused: 0 });
  });

  it('stores four parts at a time, lets eight wait and tells the others to come again', async () => {
    const { made, rows } = intake();
    const answers = numbers(1, 14).map((at) => made.take(part(at * 10, at * 10)));
    expect(await Promise.all(answers.slice(12))).toEqual([
      { kind: 'busy', retryAfterMs: 1_000 },
      { kind: 'busy', retryAfterMs: 1_000 },
    ]);
    await expect.poll(() => rows.length).toBe(4);
    for (let taken = 4; taken <= 12; taken += 4) {
      await expect.poll(() => rows.length).toBe(taken);
      made.committed(rows);
    }
    expect(await Promise.all(answers.slice(0, 12))).toMatchObject(
      numbers(1, 12).map(() => ({ kind: 'taken', stored: 1 })),
    );
  });
});
