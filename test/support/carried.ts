import { createHash, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { PartDraft, partName, type PartName, type PartSigner } from '@ppe-pulse/protocol/carry';
import { encodeRecord } from '../../agent/src/journal/record.ts';
import type { PeerIdentity } from './agent-peer.ts';

export const CARRIED_BOOT = '00000000000000b1';
/** Wall clock of the first carried heartbeat: a rehearsal's morning. */
export const CARRIED_FROM_MS = 1_715_740_919_760;

/** Heartbeat number `seq` of a workstation that produced one every 5 s. */
export function carriedHeartbeat(seq: number, part: Partial<Heartbeat> = {}): Heartbeat {
  return {
    type: 'heartbeat',
    bootId: CARRIED_BOOT,
    seq,
    delivery: 'live',
    wallMs: CARRIED_FROM_MS + seq * 5_000,
    monotonicMs: seq * 5_000,
    mode: 'quiet',
    journalLag: seq,
    metrics: { 'pc.cpu.ratio': (seq % 100) / 100 },
    verdicts: [
      { id: 'pc.cpu', verdict: 'fail', reason: 'ok', evidence: { value: seq }, ageMs: 100 },
    ],
    ...part,
  };
}

/** Inclusive numbers. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** A workstation as the writer of parts. */
export function signerOf(identity: PeerIdentity, part: Partial<PartSigner> = {}): PartSigner {
  return {
    agentId: identity.agentId,
    publicKey: identity.publicKey,
    agentVersion: '0.1.0',
    siteCode: '0042',
    sign: (text) => sign(null, Buffer.from(text), identity.privateKey).toString('base64url'),
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    pack: (text) => gzipSync(text),
    ...part,
  };
}

/** A part of these heartbeats, as a workstation would write it. */
export function partOf(
  signer: PartSigner,
  heartbeats: readonly Heartbeat[],
  exportedAtMs: number = Date.now(),
): { name: PartName; file: Buffer } {
  const draft = new PartDraft(heartbeats[0]?.bootId ?? CARRIED_BOOT);
  for (const each of heartbeats)
    if (draft.add(each, each.producedAtMs) !== 'taken') throw new Error('no room in the draft');
  const { name, file } = draft.finish(signer, exportedAtMs);
  return { name, file: Buffer.from(file) };
}

/** Puts a part on a stick by hand. */
export function putPart(stick: string, { name, file }: { name: PartName; file: Buffer }): string {
  mkdirSync(join(stick, 'ppe-pulse'), { recursive: true });
  const path = join(stick, 'ppe-pulse', partName(name));
  writeFileSync(path, file);
  return path;
}

/** A journal's segment file, as a running agent leaves it. */
export function writeSegment(
  journal: string,
  number: number,
  heartbeats: readonly Heartbeat[],
  tail: Buffer = Buffer.alloc(0),
): void {
  mkdirSync(journal, { recursive: true });
  const records = heartbeats.map((each) =>
    encodeRecord(each, { isEvent: false, atMs: each.monotonicMs, wallMs: each.wallMs }),
  );
  writeFileSync(
    join(journal, `${String(number).padStart(8, '0')}.seg`),
    Buffer.concat([...records, tail]),
  );
}
