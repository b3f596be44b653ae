import { Type } from 'typebox';
import { defaultThresholds } from '../checks/thresholds.ts';
import { limits } from '../limits.ts';
import { EpochMs, idOf } from '../messages/shared.ts';
import { modes } from '../placement.ts';

/** Stretches of one workstation's plan: a dozen rules over some days of preparation. */
export const MAX_MODE_SPANS = 200;
/** Hosts of one portal. */
export const MAX_PLAN_HOSTS = 8;

const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });
const Hosts = Type.Array(Type.String({ pattern: '^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$' }), {
  maxItems: MAX_PLAN_HOSTS,
});

/** Every threshold may be there; one of a later version is passed over. */
const ThresholdsSchema = Type.Object(
  Object.fromEntries(
    Object.keys(defaultThresholds).map((name) => [name, Type.Optional(Type.Number())]),
  ),
);

const ModeSpanSchema = Type.Object({
  mode: Type.Enum(modes.filter((mode) => mode !== 'prep')),
  fromMs: EpochMs,
  toMs: EpochMs,
});

const PrintNormsSchema = Type.Object({
  setsPerRoom: Type.Integer({ minimum: 0, maximum: 10_000 }),
  pagesPerSet: Type.Integer({ minimum: 0, maximum: 10_000 }),
  pagesPerMinute: Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }),
  startAt: Type.String({ minLength: 1, maxLength: 40 }),
});

/** What the text of a `plan` frame must be. Fields of a later version are passed over. */
export const AgentPlanSchema = Type.Object({
  version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  planId: Type.String({ minLength: 1, maxLength: 80 }),
  agentId: idOf('agentId'),
  validFromMs: EpochMs,
  validToMs: EpochMs,
  timeZone: Type.String({ pattern: '^[A-Za-z0-9_+/-]{1,60}$' }),
  isInvolved: Type.Boolean(),
  modes: Type.Array(ModeSpanSchema, { maxItems: MAX_MODE_SPANS }),
  thresholds: ThresholdsSchema,
  hosts: Type.Object({ videoPortal: Hosts, emPortal: Hosts }),
  throughput: Type.Object({
    everyMinutes: Type.Number({ minimum: 0, maximum: 100_000 }),
    maxBytes: Type.Integer({ minimum: 0, maximum: limits.emPackageBytes }),
    closedFrom: TimeOfDay,
    closedTo: TimeOfDay,
  }),
  print: Type.Union([PrintNormsSchema, Type.Null()]),
});
