import type { Heartbeat, Site } from '@ppe-pulse/protocol';
import { onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer } from './agent-peer.ts';
import { boardDir } from './board-browser.ts';
import { enrolAt, ppeOf, prepared as preparedRehearsal } from './rehearsal.ts';

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
  const { collector, sites } = await preparedRehearsal({
    ppe: 3,
    boardDir,
    rehearsal: OPENING,
    env: { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' },
  });
  return { collector, site: ppeOf(sites) };
}

/** A PC of a room that is heard once a second; what it says can be changed. */
export async function beating(
  collector: Collector,
  site: Site,
): Promise<(verdicts: Heartbeat['verdicts']) => void> {
  const room = site.rooms.find(({ code }) => code !== '7777');
  const place = { role: 'organizer', roomCode: room?.code ?? '0001' } as const;
  const identity = await enrolAt(collector, site, place);
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
