import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Site } from '@ppe-pulse/protocol';
import { createIncidentStore } from '../../server/src/incidents/incident-store.ts';
import { openState } from '../../server/src/state/state-store.ts';
import type { Collector } from '../../server/src/collector.ts';
import { newIdentity } from './agent-peer.ts';
import { api } from './collector.ts';
import { plainIncident } from './plain-incident.ts';

/** 15 May 2024, 09:36 in Kuzbass. */
const OPENED_MS = Date.parse('2024-05-15T02:36:00Z');

/** What there is of one side: everything that has an id by which somebody may ask. */
export interface Side {
  readonly municipality: string;
  readonly siteCode: string;
  readonly workstation: string;
  /** Of the site, over, so that nothing but people changes it. */
  readonly incident: string;
}

/** Incidents of four kinds, written before the collector starts. */
export function writeIncidents(
  dataDir: string,
  own: Pick<Side, 'municipality' | 'siteCode'>,
  foreign: typeof own,
): void {
  const database = openState(join(dataDir, 'state.sqlite'));
  const store = createIncidentStore(database);
  const over = { resolvedAtMs: OPENED_MS + 60_000, resolution: 'healed' as const };
  database.transaction(() => {
    for (const [number, side] of [own, foreign].entries()) {
      const { siteCode, municipality } = side;
      const node = `site:${siteCode}`;
      const part = { ...over, node, siteCode, municipality, siteCodes: [siteCode] };
      store.put(plainIncident(number + 1, OPENED_MS, part));
    }
    const siteCodes = [own.siteCode, foreign.siteCode];
    const wide = {
      ...over,
      level: 'provider' as const,
      node: 'provider:Связь-1',
      siteCodes,
      sites: 2,
    };
    store.put(plainIncident(3, OPENED_MS, { ...wide, children: 40, peakChildren: 40 }));
    for (const incidentId of ['i-1', WIDE_INCIDENT])
      store.addLog({
        incidentId,
        atMs: OPENED_MS,
        by: 'operator',
        kind: 'comment',
        note: incidentId === 'i-1' ? OWN_WORDS : `звонили и в ${foreign.siteCode}`,
        details: {},
        requestId: null,
      });
    store.put(plainIncident(4, OPENED_MS, { ...over, level: 'collector', node: 'collector' }));
  });
  database.close();
}

/** What somebody wrote about an own incident. */
export const OWN_WORDS = 'Штаб отвечает';

/** The provider's incident, which both sides are in; and the collector's, which neither is. */
export const WIDE_INCIDENT = 'i-3';
export const COLLECTOR_INCIDENT = 'i-4';

/** Two ППЭ of two municipalities, of a registry that a collector has taken. */
export function twoSites(sites: readonly Site[]): [Site, Site] {
  const own = sites.find(({ kind }) => kind === 'ppe');
  const foreign = sites.find(
    ({ kind, municipality }) => kind === 'ppe' && municipality !== own?.municipality,
  );
  if (!own || !foreign) throw new Error('the sample has no two municipalities');
  return [own, foreign];
}

export async function enrolIn(collector: Collector, siteCode: string): Promise<string> {
  const { publicKey, agentId } = newIdentity();
  const placement = { siteCode, roomCode: '7777', role: 'hq', duty: 'main' };
  const body = { publicKey, placement };
  const { status } = await api(collector, '/api/v1/workstations', { method: 'POST', body });
  if (status !== 201) throw new Error(`enrolment answered ${status}`);
  return agentId;
}

export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
}
