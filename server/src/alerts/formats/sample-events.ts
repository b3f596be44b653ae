import type { Incident } from '@ppe-pulse/protocol';
import { untouched } from '../../incidents/people.ts';
import { alertKinds, closingKinds, type AlertEvent, type AlertKind } from '../alert.ts';

/** Morning of the second federal rehearsal, when keys come in. */
const SAMPLE_AT_MS = Date.parse('2024-05-15T09:21:30+07:00');

/** An invented incident: what templates are tried with. */
export function sampleIncident(openedAtMs: number = SAMPLE_AT_MS - 90_000): Incident {
  return {
    id: 'i-0',
    kind: 'heartbeat',
    reason: 'silent',
    verdict: 'unknown',
    severity: 'critical',
    level: 'provider',
    node: 'provider:Пример-Связь',
    siteCode: null,
    roomCode: null,
    workstationId: null,
    deviceKind: null,
    device: null,
    municipality: null,
    provider: 'Пример-Связь',
    children: 238,
    peakChildren: 238,
    sites: 14,
    siteCodes: ['4201', '4202', '4203'],
    evidence: {},
    openedAtMs,
    resolvedAtMs: null,
    resolution: null,
    foldedInto: null,
    isUnstable: false,
    isUnheard: false,
    isSimulated: false,
    ...untouched,
    isDrill: true,
  };
}

/** An event of every kind: a template must work with each. */
export function sampleEvents(): readonly AlertEvent[] {
  return alertKinds.map((kind) => {
    const incident = sampleOf(kind);
    return {
      id: 'evt_0000000000000000000000',
      kind,
      atMs: SAMPLE_AT_MS,
      incident,
      digest: kind === 'digest' ? [incident, sampleRoom()] : [],
      isDrill: kind === 'drill',
    };
  });
}

function sampleOf(kind: AlertKind): Incident {
  const open: Incident = { ...sampleIncident(), isDrill: false };
  if (kind === 'acknowledged')
    return { ...open, acknowledgedAtMs: SAMPLE_AT_MS, assignee: 'technicalSupport' };
  if (!closingKinds.has(kind)) return open;
  const isFolded = kind === 'folded';
  return {
    ...open,
    resolvedAtMs: SAMPLE_AT_MS,
    resolution: isFolded ? 'folded' : 'healed',
    foldedInto: isFolded ? 'i-1' : null,
  };
}

function sampleRoom(): Incident {
  return {
    ...samplePrinter('4201', '0012', SAMPLE_AT_MS),
    id: 'i-2',
    kind: 'printer.paper',
    reason: 'lowPaper',
    verdict: 'warn',
    severity: 'warning',
    municipality: 'kemerovo',
    isDrill: false,
  };
}

/** An invented printer that is jammed. */
export function samplePrinter(siteCode: string, roomCode: string, openedAtMs: number): Incident {
  return {
    ...sampleIncident(openedAtMs),
    kind: 'printer.state',
    reason: 'jam',
    verdict: 'fail',
    level: 'device',
    node: 'device:w-0000000000000000/printer.1',
    siteCode,
    roomCode,
    workstationId: 'w-0000000000000000',
    deviceKind: 'printer',
    device: 1,
    provider: null,
    children: 1,
    peakChildren: 1,
    sites: 1,
    siteCodes: [siteCode],
  };
}
