import type { HqIncident, HqIncidents } from '@ppe-pulse/protocol';
import { HQ_AT_MS } from './hq-frames.ts';
import { plainIncident } from './plain-incident.ts';
import { workstationId } from './rows.ts';

const MIN = 60_000;

/** A jam of the printer of workstation 10 in room 0001 that nobody took, changed by `part`. */
export function hqIncident(number: number, part: Partial<HqIncident> = {}): HqIncident {
  const jam = plainIncident(number, HQ_AT_MS - 7 * MIN, {
    kind: 'printer.state',
    reason: 'jam',
    verdict: 'fail',
    level: 'device',
    node: `device:${workstationId(10)}/printer.1`,
    siteCode: '0042',
    roomCode: '0001',
    workstationId: workstationId(10),
    deviceKind: 'printer',
    device: 1,
    municipality: 'kemerovo',
    siteCodes: ['0042'],
  });
  // A Штаб is told no account.
  return { ...jam, acknowledgedBy: null, ...part };
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
