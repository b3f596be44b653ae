import type { LiveMunicipality, Site } from '@ppe-pulse/protocol';
import { abbreviationsOf } from '../../board/src/wall-side/abbreviations.ts';
import { municipalityLabels } from '../../board/src/wall-side/municipality-names.ts';
import { agentIdOf } from '../../server/src/access/keys.ts';
import type { Collector } from '../../server/src/collector.ts';
import type { Page } from 'playwright-core';
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

/** What people of it wrote. */
const typed = {
  comment: 'cable is being pulled out',
  handover: 'it was quiet so far',
  silence: 'the router is replaced',
};

/** A collector in which something has happened, so that every page has something to show. */
export interface LivedIn {
  readonly collector: Collector;
  readonly site: Site;
  readonly workstationId: string;
  readonly incidentId: string;
  /** Every text that the region, the plan and people gave: no language of the board's. */
  readonly foreign: readonly string[];
}

/** People of it write English: what is Russian on an English page is the board's or the region's. */
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
  await post(collector, `incidents/${incidentId}/comment`, { note: typed.comment });
  await post(collector, 'handovers', { note: typed.handover });
  await post(collector, 'silences', {
    kind: 'silence',
    node: `site:${sites.at(-1)?.code}`,
    to: new Date(Date.now() + 3_600_000).toISOString(),
    comment: typed.silence,
  });
  return {
    collector,
    site,
    workstationId: agentIdOf(organizer.publicKey),
    incidentId,
    foreign: [...(await foreignTexts(collector)), ...Object.values(typed)],
  };
}

/** A page of the board as somebody finds it who has worked there. */
export interface LivedInPage {
  readonly path: string;
  /** There once the page has what it shows. */
  readonly sign: string;
  readonly act?: (page: Page) => Promise<void>;
}

/** Every page, each with what it shows when something has happened. */
export function pagesOf({ site, workstationId, incidentId }: LivedIn): LivedInPage[] {
  return [
    { path: '/', sign: '[data-testid^="tile-"]' },
    { path: '/?view=country', sign: 'canvas' },
    { path: `/ppe/${site.code}`, sign: '[data-testid="readiness"]' },
    { path: '/ppe/9998', sign: 'main.message' },
    { path: `/workstations/${workstationId}`, sign: '[data-testid="standing"]' },
    { path: `/municipalities/${site.municipality}`, sign: '[data-testid="municipality-sites"]' },
    { path: '/incidents', sign: '[data-testid="incidents"] li' },
    { path: `/incidents/${incidentId}`, sign: '[data-testid="log"] li', act: openAll },
    { path: '/alerts', sign: '[data-testid="webhooks"]', act: openAll },
    { path: '/rehearsal', sign: 'main.site-rehearsal', act: openAll },
    { path: '/plan', sign: '[data-testid="plan-version-now"]' },
    { path: '/plan?view=edit', sign: 'textarea' },
    { path: '/plan?view=versions', sign: 'main table, main li' },
    { path: '/registry', sign: 'main table', act: openAll },
    { path: '/agents', sign: '[data-testid="agents"]' },
    { path: '/display', sign: 'main.display-page' },
    { path: '/replay', sign: '[data-testid="replay-screen"]' },
    { path: '/enrolment', sign: '[data-testid="enrolment-places"]' },
    { path: '/access', sign: '[data-testid="account-admin"]' },
    { path: '/account', sign: '[data-testid="who"]' },
    { path: '/incidents/no/where', sign: 'main.notice' },
  ];
}

/** Unfolds what a page has folded. */
export async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('main details')) each.setAttribute('open', '');
  });
}

async function foreignTexts(collector: Collector): Promise<string[]> {
  const answers = await Promise.all(
    ['registry', 'registry/sites?limit=2000', 'plan'].map((path) =>
      ok<object>(collector, `/api/v1/${path}`),
    ),
  );
  const texts = new Set(answers.flatMap(stringsIn));
  const { municipalities } = answers[0] as { municipalities: LiveMunicipality[] };
  // The map says them shorter, and by their kind where two have one name.
  for (const short of abbreviationsOf(municipalities).values()) texts.add(short);
  for (const label of municipalityLabels(municipalities).values()) texts.add(label);
  // Pages show a plan line by line.
  const lines = Array.from(texts, (text) => text.split('\n')).flat();
  for (const line of lines) texts.add(line.trim());
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
