import { join } from 'node:path';
import { EpochMs, idOf, PlacementSchema } from '@ppe-pulse/protocol';
import { Compile, Type, type Static } from '@ppe-pulse/protocol/schema';
import { EnrolmentCollectorSchema } from '@ppe-pulse/protocol/enrolment';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../platform/errors.ts';
import { readText, writeWhole } from '../platform/files.ts';

const FORMAT = 'ppe-pulse.enrolled.v1';

/** What a workstation keeps of its enrolment. The codes of the file are not in it. */
const RecordSchema = Type.Object({
  format: Type.Literal(FORMAT),
  agentId: idOf('agentId'),
  collector: EnrolmentCollectorSchema,
  /** Where it connects: the collector, or the relay of the Штаб. */
  connect: Type.Object({
    url: Type.String({ pattern: '^wss?://[^/@\\s]+/?$', maxLength: 300 }),
    /** Of the listener at `url`; missing for a relay that the collector's authority vouches for. */
    publicKey: Type.Optional(idOf('publicKey')),
    /** The ППЭ whose relay is at `url`. */
    relayOf: Type.Optional(idOf('siteCode')),
  }),
  placement: PlacementSchema,
  /** Collector's clock, ms since 1970 UTC. */
  validFromMs: EpochMs,
  validToMs: EpochMs,
  /** `pending` until a person in the situation centre has let it in. */
  state: Type.Enum(['active', 'pending']),
  /** Of a Штаб: its relay shows this certificate to the PCs of its ППЭ. */
  relayCertificatePem: Type.Optional(Type.String({ maxLength: 16_384 })),
  /** As the collector signed it. */
  credential: Type.Object({
    format: Type.String({ maxLength: 60 }),
    text: Type.String({ maxLength: 32_768 }),
    signature: idOf('signature'),
  }),
});
export type EnrolmentRecord = Omit<Static<typeof RecordSchema>, 'format'>;

/** The file in the data folder. */
export function enrolmentFileOf(dataDir: string): string {
  return join(dataDir, 'enrolment.json');
}

/** The enrolment of this PC, undefined without one. Throws a `ConfigError` for a damaged file. */
export function readEnrolment(dataDir: string): EnrolmentRecord | undefined {
  const path = enrolmentFileOf(dataDir);
  const text = readText(path);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!Compile(RecordSchema).Check(value))
    throw new ConfigError(`${path} is damaged: enrol this workstation again with its file`);
  return value;
}

/** Replaces the enrolment of this PC. Throws a `ConfigError` when the disk does not take it. */
export function keepEnrolment(dataDir: string, record: EnrolmentRecord): void {
  const path = enrolmentFileOf(dataDir);
  try {
    writeWhole(path, `${JSON.stringify({ format: FORMAT, ...record })}\n`);
  } catch (error) {
    throw new ConfigError(`${path} cannot be written (${codeOf(error)}): free some room`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
