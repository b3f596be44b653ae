import {
  printerConditions,
  type PrinterCondition,
  type PrinterSource,
  type Reason,
} from '@ppe-pulse/protocol';
import type { PrinterSighting, SourceLook } from './sighting.ts';

/** Everything that the sources say of one printer at one moment, as one. */
export interface FusedLook {
  readonly source: PrinterSource;
  readonly isDeviceHeard: boolean;
  readonly state: 'idle' | 'printing' | 'stopped';
  readonly conditions: readonly PrinterCondition[];
  readonly sightings: readonly PrinterSighting[];
}

/** A fused look, or why there is none. */
export type Fused =
  | { readonly kind: 'seen'; readonly look: FusedLook }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** Sources by trust: a device's own word beats a spooler's. */
const byTrust: readonly PrinterSource[] = ['snmp', 'ipp', 'usb', 'port', 'queue', 'winspool'];
const devices: ReadonlySet<PrinterSource> = new Set(['snmp', 'ipp', 'usb', 'port']);
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
  const conditions = new Set<PrinterCondition>();
  for (const sighting of sightings) {
    const isQueue = !devices.has(sighting.source);
    for (const condition of sighting.conditions) {
      if (!isQueue || !isSpeaking || ofTheQueue.has(condition)) conditions.add(condition);
    }
  }
  for (const { source } of missing) conditions.add(devices.has(source) ? 'offline' : 'spoolerDown');
  const state = sightings.find((each) => each.state !== undefined)?.state ?? 'idle';
  return {
    kind: 'seen',
    look: {
      source: sightings[0]?.source ?? missing[0]?.source ?? 'queue',
      isDeviceHeard: sightings.some(({ source }) => devices.has(source)),
      state,
      conditions: printerConditions.filter((each) => conditions.has(each)),
      sightings,
    },
  };
}
