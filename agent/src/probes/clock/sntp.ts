import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { codeOf } from '../../platform/errors.ts';
import { resolveHost } from '../portal/resolve-host.ts';
import {
  bestOffset,
  faultOf,
  parseSntp,
  sntpOffset,
  sntpQuestion,
  type SntpFault,
  type SntpOffset,
} from './sntp-packet.ts';

/** A time server of the configuration. */
export interface SntpTarget {
  readonly host: string;
  /** 123 but in tests. */
  readonly port: number;
  /** Exchanges that are tried, the best decides: the first of a series has been seen 4 ms off. */
  readonly samples: number;
}

/** Why there is no time. The first four are reasons of a verdict by the same name. */
export type SntpFailure = 'dnsFailed' | 'unreachable' | 'refused' | 'noAnswer' | SntpFault;

/** Outcome of one exchange. */
export type SntpExchangeOutcome =
  | { readonly kind: 'measured'; readonly offset: SntpOffset }
  | { readonly kind: 'failed'; readonly reason: SntpFailure };

/** Outcome of a series; `samples` questions were answered. */
export type SntpOutcome =
  | ({ readonly kind: 'measured'; readonly samples: number } & SntpOffset)
  | { readonly kind: 'failed'; readonly reason: SntpFailure };

/** Of one exchange: more than a satellite's 700 ms, and a question that was lost stays lost. */
export const SNTP_DEADLINE_MS = 2_000;
/** Between two questions: a queue of the line has time to empty. */
const SPACING_MS = 50;
/** Questions without an answer that end a series. */
const MAX_UNANSWERED = 2;

/**
 * The PC's clock against a time server by SNTP v4 (RFC 4330). A lost question is no failure as long
 * as another is answered; any other failure ends the series. Takes `samples` round trips, 4 s at
 * most for a silent server. Rejects only when aborted.
 */
export async function measureSntp(
  target: SntpTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<SntpOutcome> {
  const options = { family: 0, deadlineMs: SNTP_DEADLINE_MS } as const;
  const [address] = await resolveHost(target.host, options, signal);
  if (address === undefined) return { kind: 'failed', reason: 'dnsFailed' };
  const offsets: SntpOffset[] = [];
  let failure: SntpFailure = 'noAnswer';
  let unanswered = 0;
  for (let at = 0; at < target.samples; at += 1) {
    if (at > 0) await wait(SPACING_MS, undefined, { signal });
    const outcome = await exchangeSntp({ address, port: target.port }, clock, signal);
    if (outcome.kind === 'measured') {
      offsets.push(outcome.offset);
      continue;
    }
    failure = outcome.reason;
    unanswered += 1;
    if (failure !== 'noAnswer' || unanswered >= MAX_UNANSWERED) break;
  }
  const best = bestOffset(offsets);
  if (best === undefined || failure === 'kissOfDeath') return { kind: 'failed', reason: failure };
  return { kind: 'measured', samples: offsets.length, ...best };
}

/** One exchange with an address. Rejects only with the reason of an abort. */
export function exchangeSntp(
  target: { readonly address: string; readonly port: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<SntpExchangeOutcome> {
  const nonce = randomBytes(8);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let silence: SntpFailure = 'noAnswer';
    let sentMs = 0;
    let sentMonotonicMs = 0;
    const socket = createSocket(isIP(target.address) === 6 ? 'udp6' : 'udp4');
    const close = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.close();
    };
    const fail = (reason: SntpFailure): void => {
      close();
      resolve({ kind: 'failed', reason });
    };
    const onAbort = (): void => {
      close();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => fail(silence), SNTP_DEADLINE_MS);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => fail(failureOf(codeOf(error))));
    socket.on('message', (packet) => {
      // The wall clock may step between the two: only the monotonic one measures the trip.
      const receivedMs = sentMs + (clock.monotonicMs() - sentMonotonicMs);
      const reply = parseSntp(packet);
      const fault = reply === undefined ? 'notOurs' : faultOf(reply, nonce);
      // A stray packet does not end the wait for the right one.
      if (reply === undefined || fault === 'notOurs') silence = 'notOurs';
      else if (fault !== undefined) fail(fault);
      else {
        close();
        const server = { serverReceivedMs: reply.receivedMs, serverSentMs: reply.sentMs };
        const offset = sntpOffset({ sentMs, receivedMs, ...server });
        resolve({ kind: 'measured', offset });
      }
    });
    // Connected, so that only this peer is heard, and its "nobody listens here" too.
    socket.once('connect', () => {
      sentMs = clock.wallMs();
      sentMonotonicMs = clock.monotonicMs();
      socket.send(sntpQuestion(nonce));
    });
    socket.connect(target.port, target.address);
  });
}

function failureOf(code: string): SntpFailure {
  return code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'unreachable';
}
