import { Type, type Static } from 'typebox';
import { idPatterns } from '../ids.ts';
import { limits } from '../limits.ts';
import { duties, modes, roles } from '../placement.ts';
import { verdicts } from '../truth.ts';

/** A string that matches one of the grammars of `ids.ts`. */
export const idOf = (kind: keyof typeof idPatterns) => Type.String({ pattern: idPatterns[kind] });

/** Milliseconds since 1970-01-01 UTC, fractions allowed; up to the year 2100. */
export const EpochMs = Type.Number({ minimum: 0, maximum: 4_102_444_800_000 });

/** A duration or an age in milliseconds. */
export const DurationMs = Type.Number({ minimum: 0, maximum: 4_102_444_800_000 });

/** Place of a heartbeat in its boot, from 1. */
export const Sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

export const VerdictSchema = Type.Enum([...verdicts]);
export const RoleSchema = Type.Enum([...roles]);
export const DutySchema = Type.Enum([...duties]);
export const ModeSchema = Type.Enum([...modes]);

export const PlacementSchema = Type.Object({
  siteCode: idOf('siteCode'),
  roomCode: idOf('roomCode'),
  role: RoleSchema,
  duty: DutySchema,
  simulated: Type.Boolean(),
});

/** Numbers and short plain words that a verdict rests on; keys are documented with the check. */
export const EvidenceSchema = Type.Record(
  Type.String({ pattern: idPatterns.token }),
  Type.Union([Type.Number(), Type.Boolean(), idOf('plainText')]),
  { maxProperties: limits.evidenceKeys, additionalProperties: false },
);
export type Evidence = Static<typeof EvidenceSchema>;

/** The verdict of one check. `ageMs` is the age of the oldest reading it rests on. */
export const CheckVerdictSchema = Type.Object({
  id: idOf('dotted'),
  verdict: VerdictSchema,
  reason: idOf('token'),
  evidence: EvidenceSchema,
  ageMs: DurationMs,
});
export type CheckVerdict = Static<typeof CheckVerdictSchema>;

/** Metric id → value in the unit that the catalogue names. */
export const MetricsSchema = Type.Record(
  Type.String({ pattern: idPatterns.dotted }),
  Type.Number(),
  { maxProperties: limits.heartbeatMetrics, additionalProperties: false },
);
export type Metrics = Static<typeof MetricsSchema>;

/** A refusal or a request to slow down. A fatal one is followed by a close code. */
export const ErrorMessage = Type.Object({
  type: Type.Literal('error'),
  /** To a relay: about this member. */
  agentId: Type.Optional(idOf('agentId')),
  code: idOf('token'),
  retryAfterMs: Type.Optional(DurationMs),
});
export type ErrorMessage = Static<typeof ErrorMessage>;
