/**
 * Every limit of the wire, by name. Receivers enforce them, senders respect them.
 * Sizes are bytes of UTF-8 text, times are milliseconds.
 */
export const limits = {
  /** A frame from an agent: a full heartbeat is ~1.2 kB, a future one with 40 devices ~16 kB. */
  agentFrameBytes: 65_536,
  /** A frame from a board: boards only say hello and ask for a resync. */
  boardFrameBytes: 1_024,
  /** A frame from the collector to an agent. */
  collectorFrameBytes: 65_536,
  /** Metrics in one heartbeat. */
  heartbeatMetrics: 1_024,
  /** Verdicts in one heartbeat. */
  heartbeatVerdicts: 256,
  /** Keys in one piece of evidence. */
  evidenceKeys: 12,
  /** Ranges in one ack frame. */
  ackRanges: 256,
  /** Workstations of one ППЭ that its relay may speak for: 25 rooms of ten. */
  rosterMembers: 250,
  /** Time for a peer from the open socket to a finished handshake. */
  handshakeMs: 10_000,
  /** Sockets that have not proven who they are: in all, and of one address (an IPv6 /64 is one). */
  unprovenSockets: 4_096,
  unprovenSocketsPerAddress: 1_024,
  /** `Retry-After` of a 503 at the upgrade: half of what an unproven socket may live. */
  refusedRetryMs: 5_000,
  /**
   * Connections that are no sockets: in all, and of one address (an IPv6 /64 is one). Three thousand
   * agents behind one address come back at once, each by a connection that is upgraded in a moment.
   */
  httpConnections: 16_384,
  httpConnectionsPerAddress: 4_096,
  /** An HTTP connection that asks nothing for so long is closed; boards ask more often. */
  keepAliveMs: 10_000,
  /** Time for an HTTP peer from the open connection to the end of its head, then of its body. */
  requestHeadMs: 10_000,
  requestMs: 30_000,
  /** Pieces, TCP segments or WebSocket fragments, that one frame may come in: 45 of a full one. */
  framePieces: 512,
  /** Pings and pongs that a peer may send a second, averaged over 10 s. */
  controlFramesPerSecond: 10,
  /**
   * Bytes that wait in the collector's memory for an agent, and for a board, that does not read; a
   * board's snapshot, one buffer for all of them, is not counted while it is read.
   */
  agentBufferBytes: 262_144,
  boardBufferBytes: 8_000_000,
  /** Heartbeat period unless the collector says otherwise. */
  heartbeatIntervalMs: 5_000,
  /** The shortest and the longest heartbeat period that a collector may ask for. */
  heartbeatIntervalMinMs: 1_000,
  heartbeatIntervalMaxMs: 300_000,
  /** Frames that an agent may send a second, averaged over 10 s, before it is throttled. */
  agentFramesPerSecond: 60,
  /** Backlog heartbeats that an agent may send a second when the collector names no rate. */
  backlogPerSecond: 20,
  /** A socket with no received frame for this many heartbeat periods is half-open: close it. */
  silentPeriodsBeforeHalfOpen: 3,
  /** …but never sooner than this: with short periods only clock replies may come for a while. */
  halfOpenFloorMs: 15_000,
  /** A throughput probe: bytes and time, whichever comes first (measured error ≤ 1 % at 2–50 Mbit/s). */
  throughputBytes: 12_000_000,
  throughputMs: 4_000,
  /** Reconnect back-off of an agent: full jitter between 0 and this on the first try… */
  reconnectFirstMs: 1_000,
  /** …then by how long there is no line: 12 s within the first 30 s, 20 s until 90 s… */
  reconnectSteps: [
    { downLessMs: 30_000, ceilingMs: 12_000 },
    { downLessMs: 90_000, ceilingMs: 20_000 },
  ],
  /** …and this after it. */
  reconnectCapMs: 30_000,
  /** An agent's part of a plan: a few kB, and room for every threshold. */
  agentPlanCharacters: 32_000,
  /** Incidents that a Штаб is told at once: more than anybody reads, ~900 bytes each. */
  hqIncidents: 50,
  /** The largest package of a download rehearsal. */
  emPackageBytes: 20_000_000_000,
  /** An update's manifest (~600 characters, ~1,500 with a new set of keys) and signatures under it. */
  updateManifestCharacters: 4_096,
  updateSignatures: 16,
  /** One part of an update: in base64 it fits a frame. */
  updatePartBytes: 32_768,
  /** An update as it travels (~200 kB), and unpacked. */
  updatePackedBytes: 4_000_000,
  updateBytes: 16_000_000,
  /** A board's frame tick: four frames a second at most. */
  boardTickMs: 250,
  /** A beat is sent to boards this often even when nothing changes. */
  boardBeatMs: 1_000,
  /** The reason of a WebSocket close frame (RFC 6455 §5.5: 125 bytes with the code). */
  closeReasonBytes: 123,
} as const;
