import type { EnrolmentRecord } from './enrolment-record.ts';

type Section = Readonly<Record<string, unknown>>;

/**
 * What the settings' file says, and where it says nothing what the enrolment does: a PC that is enrolled
 * needs no `collector` section. What is no settings at all is for the schema to complain of.
 */
export function withEnrolment(file: unknown, enrolled: EnrolmentRecord): unknown {
  if (!isSection(file)) return file;
  const { collector = {}, relay = {} } = file;
  if (!isSection(collector) || !isSection(relay)) return file;
  const { relayCertificatePem: certificate } = enrolled;
  // Who was given the certificate of a relay is one, unless the settings say otherwise.
  const relayOf = certificate === undefined ? {} : { enabled: true, certificate };
  return {
    ...file,
    collector: { ...collectorOf(enrolled, 'url' in collector), ...collector },
    relay: { ...relayOf, ...relay },
  };
}

/** An address that a person named is the collector's unless he says whose relay it is. */
function collectorOf({ collector, connect }: EnrolmentRecord, hasUrl: boolean): Section {
  const { publicKey, caPem, pins, systemRoots = false } = collector;
  const { relayOf } = connect;
  return {
    url: connect.url,
    publicKey: hasUrl ? publicKey : (connect.publicKey ?? publicKey),
    pins,
    systemRoots,
    ...(caPem !== null && { ca: caPem }),
    ...(relayOf !== undefined && !hasUrl && { relayOf }),
  };
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
