import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { simulatedKey } from '../../server/src/simulate/identity.ts';
import type { Collector } from '../../server/src/collector.ts';
import { api } from './collector.ts';

/** What the script of `test/parts/beating-peers.mjs` is told. */
export interface PeersOrder {
  readonly url: string;
  readonly collector: { readonly id: string; readonly publicKey: string };
  readonly seed: number;
  readonly count: number;
  readonly intervalMs: number;
}

/** A flip as the API shows it. */
export interface FlipView {
  readonly workstationId: string;
  readonly checkId: string;
  readonly to: string;
  readonly reason: string;
}

/** A workstation as far as these tests read it. */
export interface Seen {
  readonly id: string;
  readonly verdict: string;
  readonly reason: string;
  readonly lastSeenAt: string | null;
}

export type CollectorAddress = Pick<Collector, 'url' | 'adminToken'>;

export const peersScript = join(import.meta.dirname, '..', 'parts', 'beating-peers.mjs');

/** The id of a peer. */
export function peerId(seed: number, index: number): string {
  return simulatedKey(seed, index).agentId;
}

/** Enrols peers, three to a ППЭ, and answers what their script needs. */
export async function enrolPeers(
  collector: CollectorAddress,
  fleet: { seed: number; count: number; intervalMs: number },
): Promise<PeersOrder> {
  for (let index = 0; index < fleet.count; index += 1) {
    const siteCode = `${1_000 + Math.floor(index / 3)}`;
    const placement = { siteCode, roomCode: '0001', role: 'organizer', duty: 'main' };
    const { publicKey } = simulatedKey(fleet.seed, index);
    const body = { publicKey, placement };
    const { status } = await api(collector as Collector, '/api/v1/workstations', {
      method: 'POST',
      body,
    });
    if (status !== 201) throw new Error(`enrolment answered ${status}`);
  }
  const body = await asked(collector, '/api/v1/collector');
  const { id, publicKey } = body as { id: string; publicKey: string };
  return { url: collector.url, collector: { id, publicKey }, ...fleet };
}

/** Starts the peers on this machine; they go with the test. */
export function startPeers(order: PeersOrder): ChildProcess {
  const child = spawn(process.execPath, [peersScript, JSON.stringify(order)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What the collector shows of the peers, by their number. */
export async function seenPeers(
  collector: CollectorAddress,
  { seed, count }: Pick<PeersOrder, 'seed' | 'count'>,
): Promise<Seen[]> {
  const body = await asked(collector, '/api/v1/workstations?limit=100');
  const byId = new Map((body.items as Seen[]).map((each) => [each.id, each]));
  return Array.from({ length: count }, (_, index) => {
    const seen = byId.get(peerId(seed, index));
    if (!seen) throw new Error(`peer ${index} is not enrolled`);
    return seen;
  });
}

/** Flips of all peers that called one unknown. */
export async function unknownFlips(
  collector: CollectorAddress,
  { seed, count }: Pick<PeersOrder, 'seed' | 'count'>,
): Promise<FlipView[]> {
  const all: FlipView[] = [];
  for (let index = 0; index < count; index += 1) {
    const path = `/api/v1/workstations/${peerId(seed, index)}/flips`;
    all.push(...((await asked(collector, path)).items as FlipView[]));
  }
  return all.filter(({ checkId, to }) => checkId === 'heartbeat' && to === 'unknown');
}

async function asked(collector: CollectorAddress, path: string): Promise<Record<string, unknown>> {
  const { status, body } = await api(collector as Collector, path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return body;
}
