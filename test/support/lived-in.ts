import { agentIdOf } from '../../server/src/access/keys.ts';
import type { Collector } from '../../server/src/collector.ts';
import type { Site } from '@ppe-pulse/protocol';
import { boardDir } from './board-browser.ts';
import { api } from './collector.ts';
import { beating, enrolAt, ok, ppeOf, prepared, until } from './rehearsal.ts';

/** Keys come in: an isolated PC that reaches the Internet stops an exam. */
const OPENING = { startAt: '2024-05-15T09:25+07:00', speed: 1 };
const trouble = [
  {
    id: 'iso.internet',
    verdict: 'fail',
    reason: 'internetReachable',
    evidence: { reachable: true },
    ageMs: 0,
  },
  { id: 'pc.disk', verdict: 'warn', reason: 'low', evidence: { value: 1_000 }, ageMs: 0 },
] as const;

/** A collector in which something has happened, so that every page has something to show. */
export interface LivedIn {
  readonly collector: Collector;
  readonly site: Site;
  readonly workstationId: string;
  readonly incidentId: string;
  /** Every text that the region, the plan and people gave: no language of the board's. */
  readonly foreign: readonly string[];
}

/** People of it write English, so that what is Russian on an English page is the board's or the region's. */
export async function livedIn(): Promise<LivedIn> {
  const { collector, sites } = await prepared({
    ppe: 6,
    boardDir,
    rehearsal: OPENING,
    env: { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' },
  });
  const site = ppeOf(sites);
  const hq = await enrolAt(collector, site, { role: 'hq' });
  const organizer = await enrolAt(collector, site, { role: 'organizer' });
  await beating(collector, hq);
  const peer = await beating(collector, organizer);
  peer.send(peer.heartbeat(2, { verdicts: [...trouble] }));
  await post(collector, 'claims', {
    siteCode: site.code,
    track: 'written',
    stage: 'stationsUp',
  });
  const { items } = await until(
    () => ok<{ items: { id: string; kind: string }[] }>(collector, '/api/v1/incidents'),
    (answer) => answer.items.some(({ kind }) => kind === 'iso.internet'),
  );
  const incidentId = items.find(({ kind }) => kind === 'iso.internet')?.id ?? '';
  await post(collector, `incidents/${incidentId}/comment`, { note: 'cable is being pulled' });
  await post(collector, 'handovers', { note: 'quiet so far' });
  await post(collector, 'silences', {
    kind: 'silence',
    node: `site:${sites.at(-1)?.code}`,
    to: new Date(Date.now() + 3_600_000).toISOString(),
    comment: 'router is replaced',
  });
  return {
    collector,
    site,
    workstationId: agentIdOf(organizer.publicKey),
    incidentId,
    foreign: await foreignTexts(collector),
  };
}

async function foreignTexts(collector: Collector): Promise<string[]> {
  const answers = await Promise.all(
    ['registry', 'registry/sites?limit=2000', 'plan'].map((path) =>
      ok<object>(collector, `/api/v1/${path}`),
    ),
  );
  const texts = new Set(answers.flatMap(stringsIn));
  // Pages show a plan line by line.
  for (const text of [...texts]) for (const line of text.split('\n')) texts.add(line.trim());
  return [...texts].filter((text) => text !== '').toSorted((a, b) => b.length - a.length);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

async function post(collector: Collector, path: string, body: object): Promise<void> {
  const answer = await api(collector, `/api/v1/${path}`, { method: 'POST', body });
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}
