import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  slotConnections,
  slotKinds,
  type AgentSession,
  type Slot,
  type SlotKind,
  type SlotResult,
} from '@ppe-pulse/protocol';
import { randomToken, sameToken } from '../access/secrets.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  afterGrant,
  afterReturn,
  dueKind,
  grantable,
  noSlots,
  type LeasedSlot,
  type SlotCandidate,
  type SlotPolicy,
} from './slots.ts';

/** Rules and sizes of throughput probes. */
export interface ThroughputOptions {
  /** Of the moment: the live plan may change it. */
  readonly policy: () => SlotPolicy;
  readonly maxBytes: () => number;
  readonly maxMs: number;
  readonly timeZone: string;
}

/** Where the scheduler looks for candidates. */
export interface ThroughputParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly sessions: () => ReadonlyMap<string, AgentSession>;
  readonly siteOf: (workstationId: string) => string | undefined;
  /** The lines are needed for something else: no slot is leased. */
  readonly isPaused: () => boolean;
}

/** Leases slots and serves their bytes. */
export interface Throughput {
  /** Sends the slot's bytes; answers false when the request carries no valid token. */
  send(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes the slot's bytes and answers receipts; false as above. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  returned(workstationId: string, result: SlotResult): void;
  close(): void;
}

/** The scheduler looks this often whether somebody may measure. */
const LOOK_MS = 1_000;
/** A slot that was not used in this time is free again. */
const SLOT_LIFE_MS = 15_000;
/** Random bytes sent over and over: nothing on the way can compress them. */
const BLOCK_BYTES = 256 * 1024;
/** Receipts of an upload are sent this often: what a sender has written is not what has arrived. */
const RECEIPT_MS = 100;

/** A token that is out: how many connections it still opens, and for what. */
interface Lease {
  readonly token: string;
  readonly kind: SlotKind;
  connections: number;
}

/** The throughput service of one collector. */
export function createThroughput(options: ThroughputOptions, parts: ThroughputParts): Throughput {
  const block = randomBytes(BLOCK_BYTES);
  const leases = new Map<string, Lease>();
  const localTime = timeOfDayIn(options.timeZone);
  let state = noSlots;

  const forget = (isBack: (slot: LeasedSlot) => boolean): void => {
    const next = afterReturn(state, isBack);
    for (const slotId of state.leased.keys()) if (!next.leased.has(slotId)) leases.delete(slotId);
    state = next;
  };
  const look = (): void => {
    const nowMs = parts.clock.monotonicMs();
    forget((slot) => slot.expiresAtMs <= nowMs);
    if (parts.isPaused()) return;
    const sessions = parts.sessions();
    const at = { nowMs, localTime: localTime(parts.clock.wallMs()) };
    for (const candidate of grantable(
      state,
      candidatesOf(sessions, parts.siteOf),
      options.policy(),
      at,
    )) {
      const session = sessions.get(candidate.workstationId);
      const kind = dueKind(state, candidate);
      if (!session || !kind) continue;
      const slotId = randomBytes(8).toString('hex');
      const token = randomToken();
      const { workstationId, siteCode } = candidate;
      const expiresAtMs = nowMs + SLOT_LIFE_MS;
      state = afterGrant(state, { workstationId, siteCode, slotId, expiresAtMs }, nowMs);
      leases.set(slotId, { token, kind, connections: slotConnections[kind] });
      session.offer(slotOf({ slotId, token, kind }, { ...options, maxBytes: options.maxBytes() }));
    }
  };
  const timer = setInterval(look, LOOK_MS);

  /** A token opens as many connections as its test has, and none after. */
  const spend = (request: IncomingMessage, isUpload: boolean): Lease | undefined => {
    const token = /^Slot ([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const lease = [...leases.values()].find((each) => sameToken(each.token, token));
    if (!lease || lease.connections === 0 || (lease.kind === 'upload') !== isUpload)
      return undefined;
    lease.connections -= 1;
    return lease;
  };

  return {
    send: (request, response) => {
      const lease = spend(request, false);
      if (!lease) return false;
      const maxBytes = Math.ceil(options.maxBytes() / slotConnections[lease.kind]);
      sendBytes(response, block, { maxBytes, maxMs: options.maxMs });
      return true;
    },
    take: (request, response) => {
      if (!spend(request, true)) return false;
      const { maxMs } = options;
      takeBytes(request, response, { maxBytes: options.maxBytes(), maxMs, clock: parts.clock });
      return true;
    },
    returned: (workstationId, result) => {
      parts.log.debug({ workstationId, ...result }, 'throughput slot returned');
      forget((slot) => slot.slotId === result.slotId && slot.workstationId === workstationId);
    },
    close: () => clearInterval(timer),
  };
}

function slotOf(
  lease: Pick<Slot, 'slotId' | 'token' | 'kind'>,
  { maxBytes, maxMs }: { readonly maxBytes: number; readonly maxMs: number },
): Slot {
  return { type: 'slot', ...lease, maxBytes, maxMs, expiresInMs: SLOT_LIFE_MS };
}

function candidatesOf(
  sessions: ReadonlyMap<string, AgentSession>,
  siteOf: (workstationId: string) => string | undefined,
): SlotCandidate[] {
  const candidates: SlotCandidate[] = [];
  for (const [workstationId, session] of sessions) {
    const kinds = slotKinds.filter((kind) => session.can(kind));
    const siteCode = siteOf(workstationId);
    if (kinds.length > 0 && siteCode !== undefined)
      candidates.push({ workstationId, siteCode, kinds });
  }
  return candidates;
}

/** Writes up to `maxBytes` in blocks, as fast as the peer reads, and stops after `maxMs`. */
function sendBytes(
  response: ServerResponse,
  block: Buffer,
  options: { readonly maxBytes: number; readonly maxMs: number },
): void {
  let left = options.maxBytes;
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'content-encoding': 'identity',
  });
  const deadline = setTimeout(() => {
    left = 0;
    response.end();
  }, options.maxMs);
  const pump = (): void => {
    while (left > 0) {
      const chunk = left >= block.length ? block : block.subarray(0, left);
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', pump);
        return;
      }
    }
    response.end();
  };
  response.once('close', () => {
    left = 0;
    clearTimeout(deadline);
  });
  pump();
}

/**
 * Counts the bytes of an upload, forgets them and answers lines of «milliseconds bytes»: the time of
 * the last byte that came, since the first, and how many have come. Ends at the slot's bytes or time.
 */
function takeBytes(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly maxBytes: number; readonly maxMs: number; readonly clock: Clock },
): void {
  let bytes = 0;
  let firstMs: number | undefined;
  let lastMs = 0;
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
  response.flushHeaders();
  const receipt = (): void => {
    if (firstMs !== undefined) response.write(`${(lastMs - firstMs).toFixed(1)} ${bytes}\n`);
  };
  const finish = (): void => {
    clearInterval(timer);
    clearTimeout(deadline);
    receipt();
    response.end(() => request.destroy());
  };
  const timer = setInterval(receipt, RECEIPT_MS);
  const deadline = setTimeout(finish, options.maxMs);
  request.on('data', (chunk: Buffer) => {
    lastMs = options.clock.monotonicMs();
    firstMs ??= lastMs;
    bytes += chunk.length;
    if (bytes >= options.maxBytes && !response.writableEnded) finish();
  });
  request.on('end', () => {
    if (!response.writableEnded) finish();
  });
  response.on('close', () => {
    clearInterval(timer);
    clearTimeout(deadline);
  });
}

/** `HH:MM` in a zone. */
export function timeOfDayIn(timeZone: string): (wallMs: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (wallMs) => format.format(wallMs);
}
