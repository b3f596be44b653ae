import { Type, type Static } from 'typebox';
import { limits } from '../limits.ts';
import { slotKinds } from '../slots.ts';
import { updateStates } from '../update/update-words.ts';
import {
  CheckVerdictSchema,
  DurationMs,
  EpochMs,
  ErrorMessage,
  MetricsSchema,
  ModeSchema,
  PlacementSchema,
  Sequence,
  idOf,
} from './shared.ts';

/** Facts of the PC that do not change while the agent runs; no host or user name, no serial number. */
export const InventorySchema = Type.Object({
  platform: idOf('plainText'),
  arch: idOf('plainText'),
  osRelease: idOf('plainText'),
  osName: Type.Optional(idOf('plainText')),
  cpuModel: Type.Optional(idOf('plainText')),
  cpuCores: Type.Integer({ minimum: 0, maximum: 4096 }),
  ramBytes: Type.Number({ minimum: 0 }),
  runtime: idOf('plainText'),
});
export type Inventory = Static<typeof InventorySchema>;

/** Agent → collector, the first frame. */
export const AgentHello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Integer({ minimum: 0, maximum: 65_535 }),
  agentId: idOf('agentId'),
  bootId: idOf('bootId'),
  publicKey: idOf('publicKey'),
  nonce: idOf('nonce'),
  agentVersion: idOf('version'),
  capabilities: Type.Array(idOf('token'), { maxItems: 32 }),
  inventory: InventorySchema,
});
export type AgentHello = Static<typeof AgentHello>;

/** Collector → agent: its nonce, and the proof that it holds the key that the agent has pinned. */
export const Challenge = Type.Object({
  type: Type.Literal('challenge'),
  protocol: Type.Integer({ minimum: 0, maximum: 65_535 }),
  collectorId: idOf('collectorId'),
  nonce: idOf('nonce'),
  signature: idOf('signature'),
});
export type Challenge = Static<typeof Challenge>;

/** Agent → collector: the proof that it holds the key of its id. */
export const Proof = Type.Object({
  type: Type.Literal('proof'),
  signature: idOf('signature'),
});
export type Proof = Static<typeof Proof>;

/** Collector → agent: the handshake is done; from now on heartbeats are taken. */
export const Welcome = Type.Object({
  type: Type.Literal('welcome'),
  serverTimeMs: EpochMs,
  intervalMs: Type.Number({
    minimum: limits.heartbeatIntervalMinMs,
    maximum: limits.heartbeatIntervalMaxMs,
  }),
  backlogPerSecond: Type.Number({ minimum: 0, maximum: 10_000 }),
  placement: PlacementSchema,
});
export type Welcome = Static<typeof Welcome>;

/**
 * Agent → collector, every `intervalMs`. `metrics` holds readings taken since the previous
 * heartbeat of this boot; `verdicts` holds every check that applies, with the age of its reading.
 */
export const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  bootId: idOf('bootId'),
  seq: Sequence,
  /** A relay speaks for this member of its ППЭ; without it the agent speaks for itself. */
  agentId: Type.Optional(idOf('agentId')),
  /**
   * `live`: sent when produced; `backlog`: sent later from a journal; `carried`: came by flash
   * drive. The last two complete history and raise nothing.
   */
  delivery: Type.Enum(['live', 'backlog', 'carried']),
  /** The PC's own wall clock when it was produced. */
  wallMs: EpochMs,
  /** Time since the agent's start, sleep of the PC included: immune to clock steps. */
  monotonicMs: DurationMs,
  /**
   * When it was produced on the collector's clock, by the sender's best knowledge: of earlier boots,
   * relayed and carried ones, whose own clocks say little to the collector.
   */
  producedAtMs: Type.Optional(EpochMs),
  mode: ModeSchema,
  /** Version of the live plan that it holds; missing when it has none. */
  planVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Heartbeats in the agent's journal that the collector has not acked yet. */
  journalLag: Type.Integer({ minimum: 0 }),
  /** Heartbeats that the journal ever dropped unacked because it was full or they were too old. */
  journalDropped: Type.Optional(Type.Integer({ minimum: 0 })),
  metrics: MetricsSchema,
  verdicts: Type.Array(CheckVerdictSchema, { maxItems: limits.heartbeatVerdicts }),
});
export type Heartbeat = Static<typeof Heartbeat>;

/** Collector → agent: these heartbeats are durable, the journal may free them. Ranges are inclusive. */
export const Ack = Type.Object({
  type: Type.Literal('ack'),
  /** To a relay: of this member. */
  agentId: Type.Optional(idOf('agentId')),
  bootId: idOf('bootId'),
  ranges: Type.Array(Type.Tuple([Sequence, Sequence]), { minItems: 1, maxItems: limits.ackRanges }),
});
export type Ack = Static<typeof Ack>;

/** Agent → collector: asks for the collector's clock; `id` is echoed. */
export const ClockRequest = Type.Object({
  type: Type.Literal('clockRequest'),
  id: Type.Integer({ minimum: 0 }),
});
export type ClockRequest = Static<typeof ClockRequest>;

/** Collector → agent: its wall clock when the request came in and when the reply left. */
export const ClockReply = Type.Object({
  type: Type.Literal('clockReply'),
  id: Type.Integer({ minimum: 0 }),
  receivedAtMs: EpochMs,
  sentAtMs: EpochMs,
});
export type ClockReply = Static<typeof ClockReply>;

/** Collector → agent: a lease for one throughput probe. The token goes into a header, never a URL. */
export const Slot = Type.Object({
  type: Type.Literal('slot'),
  slotId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  kind: Type.Enum([...slotKinds]),
  token: idOf('nonce'),
  maxBytes: Type.Integer({ minimum: 1, maximum: limits.throughputBytes }),
  maxMs: Type.Integer({ minimum: 100, maximum: limits.throughputMs }),
  expiresInMs: DurationMs,
});
export type Slot = Static<typeof Slot>;

/** Agent → collector: the slot is free again. The figure itself travels as a metric. */
export const SlotResult = Type.Object({
  type: Type.Literal('slotResult'),
  slotId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  outcome: Type.Enum(['done', 'refused', 'failed']),
  reason: idOf('token'),
});
export type SlotResult = Static<typeof SlotResult>;

/**
 * Relay → collector: a member of its ППЭ joined it or left it without a word. The rest of what a
 * hello says; its place is the registry's.
 */
export const Member = Type.Object({
  type: Type.Literal('member'),
  agentId: idOf('agentId'),
  bootId: idOf('bootId'),
  state: Type.Enum(['joined', 'left']),
  agentVersion: idOf('version'),
  capabilities: Type.Array(idOf('token'), { maxItems: 32 }),
  inventory: InventorySchema,
});
export type Member = Static<typeof Member>;

/** Collector → relay: the workstations of its ППЭ, all of them, whenever one is new or moved. */
export const Roster = Type.Object({
  type: Type.Literal('roster'),
  members: Type.Array(
    Type.Object({
      agentId: idOf('agentId'),
      publicKey: idOf('publicKey'),
      placement: PlacementSchema,
    }),
    { maxItems: limits.rosterMembers },
  ),
});
export type Roster = Static<typeof Roster>;

/**
 * Collector → agent: its part of the live plan. `text` is the JSON of an `AgentPlan`, signed as it
 * stands by the listener's key that the agent has pinned; a relay signs anew for its members.
 */
export const PlanFrame = Type.Object({
  type: Type.Literal('plan'),
  /** To a relay: for this member. */
  agentId: Type.Optional(idOf('agentId')),
  text: Type.String({ minLength: 2, maxLength: limits.agentPlanCharacters }),
  signature: idOf('signature'),
  /** From a relay: the collector's own signature, for members that know the collector's key. */
  origin: Type.Optional(idOf('signature')),
});
export type PlanFrame = Static<typeof PlanFrame>;

/**
 * Collector → agent: take part in the rehearsal of the EM download. The agent fetches a seeded
 * package from its own collector, or from the mirror that its configuration names, and nowhere else.
 */
export const EmDownload = Type.Object({
  type: Type.Literal('emDownload'),
  downloadId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  /** Goes into a header, never a URL. */
  token: idOf('nonce'),
  bytes: Type.Integer({ minimum: 1, maximum: limits.emPackageBytes }),
  seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  /** SHA-256 of the package, hex. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  source: Type.Enum(['collector', 'mirror']),
  /** Ceiling of the rate; 0 for none. */
  maxBytesPerSecond: Type.Number({ minimum: 0 }),
  startInMs: DurationMs,
  /** It is given up after this. */
  expiresInMs: DurationMs,
  /** What this workstation has told of this download before: it goes on from there. */
  resume: Type.Optional(
    Type.Object({
      receivedBytes: Type.Integer({ minimum: 0, maximum: limits.emPackageBytes }),
      tookMs: DurationMs,
      retries: Type.Integer({ minimum: 0 }),
    }),
  ),
});
export type EmDownload = Static<typeof EmDownload>;

/** Collector → agent: the rehearsal of the download is over. */
export const EmStop = Type.Object({
  type: Type.Literal('emStop'),
  downloadId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
});
export type EmStop = Static<typeof EmStop>;

/** Agent → collector: how the download stands; once a second at most, and at its end. */
export const EmProgress = Type.Object({
  type: Type.Literal('emProgress'),
  downloadId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  state: Type.Enum(['waiting', 'running', 'paused', 'done', 'failed', 'refused']),
  reason: idOf('token'),
  receivedBytes: Type.Integer({ minimum: 0 }),
  /** Time in which bytes came, pauses left out. */
  tookMs: DurationMs,
  retries: Type.Integer({ minimum: 0 }),
});
export type EmProgress = Static<typeof EmProgress>;

/**
 * Collector → agent: all that it knows to be wrong at the agent's ППЭ, whole, whenever that changed.
 * Items are read one by one with `createIncidentsReader`. Shown on the page of the Штаб; an agent does
 * nothing by it.
 */
export const Incidents = Type.Object({
  type: Type.Literal('incidents'),
  /** Collector's clock: it was so then, and is so until the next. */
  atMs: EpochMs,
  /** Open ones that cover the ППЭ, with those for which there was no room. */
  total: Type.Integer({ minimum: 0 }),
  items: Type.Array(Type.Unknown(), { maxItems: limits.hqIncidents }),
});
export type Incidents = Static<typeof Incidents>;

/**
 * Collector → agent: an update may be had. Text and signatures as they stand in the bundle: what the
 * agent believes are the signers, and nothing of who brings it. Only to agents that announced `update`.
 */
export const UpdateOffer = Type.Object({
  type: Type.Literal('updateOffer'),
  /** To a relay: for this member. */
  agentId: Type.Optional(idOf('agentId')),
  manifest: Type.String({ minLength: 2, maxLength: limits.updateManifestCharacters }),
  signatures: Type.Array(
    Type.Object({ keyId: idOf('updateKeyId'), signature: idOf('signature') }),
    { maxItems: limits.updateSignatures },
  ),
});
export type UpdateOffer = Static<typeof UpdateOffer>;

/** Where in the packed bytes of an update. */
const UpdateOffset = Type.Integer({ minimum: 0, maximum: limits.updatePackedBytes });

/** Agent → collector: asks for the part of an offered update that begins there. */
export const UpdateRead = Type.Object({
  type: Type.Literal('updateRead'),
  version: idOf('version'),
  offset: UpdateOffset,
});
export type UpdateRead = Static<typeof UpdateRead>;

/** Collector → agent: that part, whole but for the last one. */
export const UpdatePart = Type.Object({
  type: Type.Literal('updatePart'),
  version: idOf('version'),
  offset: UpdateOffset,
  /** Base64 of at most `updatePartBytes`. */
  data: Type.String({
    pattern: '^[A-Za-z0-9+/]+={0,2}$',
    maxLength: 4 * Math.ceil(limits.updatePartBytes / 3),
  }),
});
export type UpdatePart = Static<typeof UpdatePart>;

/** Agent → collector: how an update stands, at each change and after each welcome. */
export const UpdateStateMessage = Type.Object({
  type: Type.Literal('updateState'),
  /** From a relay: of this member. */
  agentId: Type.Optional(idOf('agentId')),
  version: idOf('version'),
  state: Type.Enum([...updateStates]),
  /** `ok`, or why it was refused or taken back. */
  reason: idOf('token'),
});
export type UpdateStateMessage = Static<typeof UpdateStateMessage>;

/** Either side: a planned end. `expectedReturnMs` counts from now. */
export const Goodbye = Type.Object({
  type: Type.Literal('goodbye'),
  /** From a relay: of this member. */
  agentId: Type.Optional(idOf('agentId')),
  reason: Type.Enum(['shutdown', 'restart', 'sleep', 'stageOffline']),
  expectedReturnMs: Type.Optional(DurationMs),
});
export type Goodbye = Static<typeof Goodbye>;

/** Everything that an agent may send. */
export const fromAgent = {
  hello: AgentHello,
  proof: Proof,
  heartbeat: Heartbeat,
  clockRequest: ClockRequest,
  slotResult: SlotResult,
  emProgress: EmProgress,
  member: Member,
  updateRead: UpdateRead,
  updateState: UpdateStateMessage,
  goodbye: Goodbye,
  error: ErrorMessage,
} as const;

/** Everything that a collector may send to an agent. */
export const toAgent = {
  challenge: Challenge,
  welcome: Welcome,
  ack: Ack,
  clockReply: ClockReply,
  slot: Slot,
  plan: PlanFrame,
  emDownload: EmDownload,
  emStop: EmStop,
  incidents: Incidents,
  roster: Roster,
  updateOffer: UpdateOffer,
  updatePart: UpdatePart,
  goodbye: Goodbye,
  error: ErrorMessage,
} as const;

export type FromAgent = {
  [K in keyof typeof fromAgent]: Static<(typeof fromAgent)[K]>;
}[keyof typeof fromAgent];
export type ToAgent = {
  [K in keyof typeof toAgent]: Static<(typeof toAgent)[K]>;
}[keyof typeof toAgent];
