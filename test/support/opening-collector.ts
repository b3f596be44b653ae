import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat, Site } from '@ppe-pulse/protocol';
import { onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, newIdentity } from './agent-peer.ts';
import { boardDir } from './board-browser.ts';
import { api, testCollector } from './collector.ts';

const root = join(import.meta.dirname, '..', '..');
const plan = readFileSync(join(root, 'server', 'plans', '2024-05-15.yaml'), 'utf8');
/** Keys come in: an isolated PC that reaches the Internet stops an exam. */
const OPENING = { startAt: '2024-05-15T09:25+07:00', speed: 1 };

/** What a PC says that reaches the Internet when it must not. */
export const leak = {
  id: 'iso.internet',
  verdict: 'fail',
  reason: 'internetReachable',
  evidence: { reachable: true },
  ageMs: 0,
} as const;

/** A collector with a sample region and the second rehearsal, when keys come in. */
export async function prepared(): Promise<{ collector: Collector; site: Site }> {
  const collector = await testCollector(
    { boardDir, rehearsal: OPENING },
    { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' },
  );
  await done(collector, 'POST', '/api/v1/registry/sample', { ppe: 3, seed: 668 });
  await done(collector, 'PUT', '/api/v1/plan', { text: plan, baseVersion: 0 });
  const { body } = await api(collector, '/api/v1/registry/sites?limit=2000');
  const sites = body.items as unknown as readonly Site[];
  const site = sites.find(({ kind, period }) => kind === 'ppe' && period === 'main');
  if (!site) throw new Error('the sample has no ППЭ of the main period');
  return { collector, site };
}

/** Asks the API for what must be done. */
async function done(
  collector: Collector,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  const answer = await api(collector, path, { method, body });
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

/** A PC of a room that is heard once a second; what it says can be changed. */
export async function beating(
  collector: Collector,
  site: Site,
): Promise<(verdicts: Heartbeat['verdicts']) => void> {
  const identity = newIdentity();
  const room = site.rooms.find(({ code }) => code !== '7777');
  const placement = {
    siteCode: site.code,
    roomCode: room?.code ?? '0001',
    role: 'organizer',
    duty: 'main',
  };
  const { publicKey } = identity;
  await done(collector, 'POST', '/api/v1/workstations', { publicKey, placement });
  const peer = await AgentPeer.join(collector.url, identity);
  let said: Heartbeat['verdicts'] = [];
  let seq = 0;
  const beat = (): void => {
    seq += 1;
    peer.send(peer.heartbeat(seq, { verdicts: said }));
  };
  beat();
  const timer = setInterval(beat, 1_000);
  onTestFinished(() => clearInterval(timer));
  return (verdicts) => {
    said = verdicts;
    beat();
  };
}
