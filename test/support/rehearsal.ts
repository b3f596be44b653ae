import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { expect, onTestFinished } from 'vitest';
import {
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  SnapshotJoiner,
  type BoardFrame,
  type LiveSite,
  type Overview,
  type Placement,
  type Region,
  type Site,
  type ToBoard,
} from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, newIdentity, type PeerIdentity } from './agent-peer.ts';
import { api, testCollector } from './collector.ts';

const PLANS = join(import.meta.dirname, '..', '..', 'server', 'plans');
export const MAY = readFileSync(join(PLANS, '2024-05-15.yaml'), 'utf8');
export const MARCH = readFileSync(join(PLANS, '2024-03-05.yaml'), 'utf8');
/** Before the key: everybody may speak. */
const MORNING = { startAt: '2024-05-15T08:50+07:00', speed: 1 };

interface Prepared {
  readonly collector: Collector;
  readonly sites: readonly Site[];
  readonly key: string;
  readonly dataDir: string;
}

/** A collector with a sample region and the plan of 15 May, at its morning unless `isReal`. */
export async function prepared(of: {
  readonly ppe: number;
  readonly plan?: string | null;
  readonly isReal?: boolean;
  readonly rehearsal?: { readonly startAt: string; readonly speed: number };
  readonly env?: Record<string, string>;
  /** A board to be served beside the API. */
  readonly boardDir?: string;
}): Promise<Prepared> {
  const rehearsal = of.isReal === true ? {} : { rehearsal: of.rehearsal ?? MORNING };
  const board = of.boardDir === undefined ? {} : { boardDir: of.boardDir };
  const collector = await testCollector({ ...rehearsal, ...board }, of.env);
  const sample = { ppe: of.ppe, seed: 668 };
  const made = await api(collector, '/api/v1/registry/sample', { method: 'POST', body: sample });
  expect(made.status).toBe(200);
  if (of.plan !== null) {
    const edit = await putPlan(collector, of.plan ?? MAY, 0);
    expect(edit).toMatchObject({ status: 200 });
  }
  const { items } = await ok<{ items: Region['sites'] }>(
    collector,
    '/api/v1/registry/sites?limit=2000',
  );
  const { publicKey } = await ok<{ publicKey: string }>(collector, '/api/v1/collector');
  const dataDir = collector.tokenFile.replace(/[/\\][^/\\]+$/, '');
  return { collector, sites: items, key: publicKey, dataDir };
}

export function putPlan(collector: Collector, text: string, baseVersion: number) {
  return api(collector, '/api/v1/plan', { method: 'PUT', body: { text, baseVersion } });
}

export function ppeOf(sites: readonly Site[]): Site {
  const found = sites.find(({ kind, period }) => kind === 'ppe' && period === 'main');
  if (!found) throw new Error('the sample has no ППЭ of the main period');
  return found;
}

/** Enrols a workstation; without a room the first one that has such a role. */
export async function enrolAt(
  collector: Collector,
  site: Site | undefined,
  place: Pick<Placement, 'role'> & { roomCode?: string },
): Promise<PeerIdentity> {
  const identity = newIdentity();
  const room = site?.rooms.find(({ workstations }) =>
    workstations.some(({ role, duty }) => role === place.role && duty === 'main'),
  );
  const placement = {
    siteCode: site?.code,
    roomCode: place.roomCode ?? room?.code,
    role: place.role,
    duty: 'main',
  };
  const { status } = await api(collector, '/api/v1/workstations', {
    method: 'POST',
    body: { publicKey: identity.publicKey, placement },
  });
  expect(status).toBe(201);
  return identity;
}

export async function beating(collector: Collector, identity: PeerIdentity): Promise<AgentPeer> {
  const peer = await AgentPeer.join(collector.url, identity);
  peer.send(peer.heartbeat(1));
  return peer;
}

export async function ok<T = Record<string, never>>(
  collector: Collector,
  path: string,
): Promise<T> {
  const { status, body } = await api(collector, path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return body as T;
}

export function siteAt(collector: Collector, code: string): Promise<LiveSite> {
  return ok<LiveSite>(collector, `/api/v1/sites/${code}`);
}

export function overview(collector: Collector): Promise<Overview> {
  return ok<Overview>(collector, '/api/v1/overview');
}

export function behindIs(count: number): (overview: Overview) => boolean {
  return ({ rehearsal }) => rehearsal?.agentsBehind === count;
}

export function stageOf(site: LiveSite, stage: string): LiveSite['stages'][number] {
  const found = site.stages.find((each) => each.stage === stage && each.track === 'written');
  if (!found) throw new Error(`no stage ${stage} in ${JSON.stringify(site.stages)}`);
  return found;
}

export function printingIn(
  rooms: readonly { roomCode: string; stages: LiveSite['stages'] }[],
  roomCode: string,
): LiveSite['stages'][number] | undefined {
  const own = rooms.find((room) => room.roomCode === roomCode);
  return own?.stages.find(({ stage }) => stage === 'printing');
}

/** Asks until the answer is right. */
export async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const deadlineMs = performance.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > deadlineMs)
      throw new Error(`still wrong after 15 s: ${JSON.stringify(answer).slice(0, 2_000)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A machine that is too busy for a board's hello closes it: boards come back, so does this one. */
const TRIES = 5;

/** A board's socket. */
export async function watching(collector: Collector) {
  const frames: ToBoard[] = [];
  let wake = (): void => undefined;
  let closed = '';
  let current: WebSocket | undefined;
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
    current?.terminate();
  });
  const open = (triesLeft: number): void => {
    const url = collector.url.replace(/^http/, 'ws') + LIVE_PATH;
    const headers = { authorization: `Bearer ${collector.adminToken}` };
    const socket = new WebSocket(url, LIVE_SUBPROTOCOL, { headers });
    current = socket;
    const joiner = new SnapshotJoiner();
    socket.on('message', (data: Buffer) => {
      const frame = joiner.take(JSON.parse(data.toString('utf8')) as BoardFrame);
      if (!frame) return;
      frames.push(frame);
      wake();
    });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: 1 })));
    socket.on('error', (error) => (closed = error.message));
    socket.on('close', (code, reason) => {
      if (isOver) return;
      if (frames.length === 0 && triesLeft > 0) {
        open(triesLeft - 1);
        return;
      }
      closed ||= `${code} ${reason.toString('utf8')}`;
      wake();
    });
  };
  open(TRIES);
  return {
    next: async (isIt: (frame: ToBoard) => boolean): Promise<ToBoard> => {
      for (;;) {
        const at = frames.findIndex(isIt);
        if (at >= 0) return frames.splice(0, at + 1).at(-1) as ToBoard;
        if (closed !== '') throw new Error(`the board's socket closed: ${closed}`);
        await new Promise<void>((done) => (wake = done));
      }
    },
  };
}
