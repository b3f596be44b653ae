import type { HqIncident, HqIncidents } from '@ppe-pulse/protocol';
import { HQ_AT_MS } from './hq-frames.ts';
import { workstationId } from './rows.ts';

const MIN = 60_000;

/** A jam of the printer of workstation 10 in room 0001 that nobody took, changed by `part`. */
export function hqIncident(number: number, part: Partial<HqIncident> = {}): HqIncident {
  return {
    id: `i-${number}`,
    kind: 'printer.state',
    reason: 'jam',
    verdict: 'fail',
    severity: 'critical',
    level: 'device',
    node: `device:${workstationId(10)}/printer.1`,
    siteCode: '0042',
    roomCode: '0001',
    workstationId: workstationId(10),
    deviceKind: 'printer',
    device: 1,
    municipality: 'kemerovo',
    provider: null,
    children: 1,
    peakChildren: 1,
    sites: 1,
    siteCodes: ['0042'],
    evidence: {},
    openedAtMs: HQ_AT_MS - 7 * MIN,
    resolvedAtMs: null,
    resolution: null,
    foldedInto: null,
    isUnstable: false,
    isUnheard: false,
    isSimulated: false,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    assignee: null,
    isDrill: false,
    snoozedUntilMs: null,
    silencedUntilMs: null,
    notes: 0,
    lastNoteAtMs: null,
    ...part,
  };
}

/** A provider that fourteen ППЭ lost their portal with, taken at 10:09. */
export function providerCut(number: number, part: Partial<HqIncident> = {}): HqIncident {
  return hqIncident(number, {
    kind: 'net.portal',
    reason: 'noAnswer',
    level: 'provider',
    node: 'provider:Связь-1',
    siteCode: null,
    roomCode: null,
    workstationId: null,
    deviceKind: null,
    device: null,
    municipality: null,
    provider: 'Связь-1',
    children: 14,
    peakChildren: 14,
    sites: 14,
    openedAtMs: HQ_AT_MS - 12 * MIN,
    acknowledgedAtMs: HQ_AT_MS - 3 * MIN,
    assignee: 'provider',
    ...part,
  });
}

/** A list as a relay shows it that heard it 30 s ago. */
export function hqIncidents(
  items: readonly HqIncident[],
  part: Partial<HqIncidents> = {},
): HqIncidents {
  return {
    atMs: HQ_AT_MS - 30_000,
    isCurrent: true,
    total: items.length,
    items: [...items],
    ...part,
  };
}
