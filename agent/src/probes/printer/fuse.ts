import {
  printerConditions,
  type PrinterCondition,
  type PrinterSource,
  type Reason,
} from '@ppe-pulse/protocol';
import type { Lacking } from './keywords.ts';
import type { PrinterSighting, SourceLook } from './sighting.ts';

/** Everything that the sources say of one printer at one moment, as one. */
export interface FusedLook {
  readonly source: PrinterSource;
  readonly isDeviceHeard: boolean;
  readonly state: 'idle' | 'printing' | 'stopped';
  readonly conditions: readonly PrinterCondition[];
  /** Conditions that may be seen and must not alarm. */
  readonly remarks: readonly PrinterCondition[];
  readonly lacking?: Lacking;
  /** A queue looks for its device, and nobody else has heard it. */
  readonly isConnecting: boolean;
  /** «Offline» is only the silence of the printer's port. */
  readonly isOfflineByPort: boolean;
  readonly sightings: readonly PrinterSighting[];
}

/** A fused look, or why there is none. */
export type Fused =
  | { readonly kind: 'seen'; readonly look: FusedLook }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** Sources by trust: a device's own word beats a spooler's. */
const byTrust: readonly PrinterSource[] = ['snmp', 'ipp', 'usb', 'port', 'queue', 'winspool'];
const devices: ReadonlySet<PrinterSource> = new Set(['snmp', 'ipp', 'usb', 'port']);
/** Those that know the device is there; a port may be another's. */
const present: ReadonlySet<PrinterSource> = new Set(['snmp', 'ipp', 'usb']);
/** Those whose word about paper and toner is the device's own. */
const speaking: ReadonlySet<PrinterSource> = new Set(['snmp', 'ipp']);
/** What a spooler knows of itself; the rest it has from the last job and may be long over. */
const ofTheQueue: ReadonlySet<PrinterCondition> = new Set([
  'paused',
  'notAccepting',
  'offline',
  'spoolerDown',
  'printerError',
]);
/** Nobody is there, as against somebody who answers nonsense. */
const absent: ReadonlySet<Reason> = new Set(['noAnswer', 'refused', 'unreachable', 'dnsFailed']);

/**
 * Fuses the looks of one moment. A device that does not answer is `offline`, a spooler that does not
 * is `spoolerDown`; other failures are no word about the printer. Pure.
 */
export function fuse(looks: readonly SourceLook[]): Fused {
  const sightings = looks
    .flatMap((look) => (look.kind === 'seen' ? [look.sighting] : []))
    .sort((a, b) => byTrust.indexOf(a.source) - byTrust.indexOf(b.source));
  const failures = looks.filter((look) => look.kind === 'failed');
  const missing = failures.filter(({ reason }) => absent.has(reason));
  const first = failures[0];
  if (sightings.length === 0 && missing.length === 0) {
    return { kind: 'failed', reason: first?.reason ?? 'notMeasured' };
  }
  const isSpeaking = sightings.some(({ source }) => speaking.has(source));
  const isBelieved = ({ source }: PrinterSighting): boolean => devices.has(source) || !isSpeaking;
  const told = (of: (sighting: PrinterSighting) => readonly PrinterCondition[]) =>
    new Set(
      sightings.flatMap((each) =>
        of(each).filter((condition) => isBelieved(each) || ofTheQueue.has(condition)),
      ),
    );
  const conditions = told((each) => each.conditions);
  const remarks = told((each) => each.remarks ?? []);
  const lacking = sightings.find((each) => each.lacking && isBelieved(each))?.lacking;
  const silent = missing.filter(({ source }) => devices.has(source));
  const isOfflineByPort = !conditions.has('offline') && silent.length > 0 && silent.every(isPort);
  for (const { source } of missing) conditions.add(devices.has(source) ? 'offline' : 'spoolerDown');
  const isPresent = sightings.some(
    (each) => present.has(each.source) && !each.conditions.includes('offline'),
  );
  const state = sightings.find((each) => each.state !== undefined)?.state ?? 'idle';
  return {
    kind: 'seen',
    look: {
      source: sightings[0]?.source ?? missing[0]?.source ?? 'queue',
      isDeviceHeard: sightings.some(({ source }) => devices.has(source)),
      state,
      conditions: printerConditions.filter((each) => conditions.has(each)),
      remarks: printerConditions.filter((each) => remarks.has(each)),
      ...(lacking ? { lacking } : {}),
      isConnecting: !isPresent && sightings.some((each) => each.isConnecting === true),
      isOfflineByPort,
      sightings,
    },
  };
}

function isPort({ source }: { readonly source: PrinterSource }): boolean {
  return source === 'port';
}
