import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat, KnownWorkstation } from '@ppe-pulse/protocol';
import { readReceipt, receiptName } from '@ppe-pulse/protocol/carry';
import { carryKeys } from '../../agent/src/carry/carry-keys.ts';
import {
  importFromStick,
  type ImportParts,
  type ImportReport,
} from '../../agent/src/carry/import-from-stick.ts';
import { carryInbox, type CarriedSink } from '../../agent/src/carry/inbox.ts';
import { collectorIdOf } from '../../agent/src/platform/identity.ts';
import { newIdentity, type PeerIdentity } from './agent-peer.ts';
import { CARRIED_FROM_MS, carriedHeartbeat, numbers, signerOf } from './carried.ts';
import { tempDir } from './temp-dir.ts';

export const placement = {
  siteCode: '0042',
  roomCode: '0012',
  role: 'organizer',
  duty: 'main',
  simulated: false,
} as const;
export const nowMs = CARRIED_FROM_MS + 3_600_000;

export function memberOf({ agentId, publicKey }: PeerIdentity): KnownWorkstation {
  return { id: agentId, publicKey, placement };
}

/** A relay in the Штаб, its ППЭ's workstations, and a stick. */
export function headquarters(members: readonly PeerIdentity[], stick = tempDir()) {
  const relay = newIdentity();
  const dataDir = tempDir();
  const find = (id: string) => members.map(memberOf).find((each) => each.id === id);
  const run = (part: Partial<ImportParts> = {}): ImportReport =>
    importFromStick({
      stick,
      dataDir,
      ownId: relay.agentId,
      signer: { publicKey: relay.publicKey, sign: signerOf(relay).sign },
      find,
      nowMs: () => nowMs,
      ...part,
    });
  const inbox = carryInbox(dataDir);
  const waiting = (): string[] => (existsSync(inbox) ? readdirSync(inbox).sort() : []);
  const receiptOf = (member: PeerIdentity) => {
    const path = join(
      stick,
      'ppe-pulse/receipts',
      receiptName(member.agentId, collectorIdOf(relay.publicKey)),
    );
    const parties = { agentId: member.agentId, publicKey: relay.publicKey };
    return existsSync(path)
      ? readReceipt(readFileSync(path), parties, carryKeys.isSignedBy)
      : undefined;
  };
  return { relay, stick, dataDir, run, find, inbox, waiting, receiptOf };
}

/** A spool that remembers. */
export function spool(takes: () => boolean = () => true) {
  const got: [string, Heartbeat][] = [];
  const sink: CarriedSink = {
    nowMs: () => nowMs,
    take: async (member, heartbeats) => {
      if (!takes()) return false;
      got.push(...heartbeats.map((each): [string, Heartbeat] => [member.id, each]));
      return true;
    },
  };
  return { sink, got };
}

/** Heartbeats with these numbers, inclusive. */
export const beats = (from: number, to: number): Heartbeat[] =>
  numbers(from, to).map((seq) => carriedHeartbeat(seq));
