import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { resolveHost } from '../portal/resolve-host.ts';
import { connectTcp } from '../portal/tcp-connect.ts';

/** A host of the Internet that rooms must not reach. */
export interface InternetTarget {
  /** Better an address: in a room without a resolver a name proves nothing. */
  readonly host: string;
  /** A port that the host is known to listen on, so that a reset comes from a firewall. */
  readonly port: number;
  /** Upper end of the wait before the attempt, ms: a hundred PCs must not knock at once. */
  readonly maxWaitMs: number;
}

/** What one attempt showed. */
export type InternetOutcome =
  /** A connection came about. A transparent proxy looks the same, and is a hole as well. */
  | { readonly kind: 'reachable'; readonly tookMs: number }
  | {
      readonly kind: 'notReachable';
      readonly because: 'silence' | 'noRoute' | 'reset' | 'blockedHere';
    }
  /** Nothing was proved: the name has no address, or the system could not even try. */
  | { readonly kind: 'unknownFailure'; readonly code: string };

/** Of the attempt, after the wait. */
export const INTERNET_DEADLINE_MS = 3_000;

/**
 * One TCP connection to a host of the Internet, closed at once, no data. `random` (0…1) chooses the
 * wait. Rejects only when aborted.
 */
export async function tryInternet(
  target: InternetTarget,
  random: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<InternetOutcome> {
  await wait(target.maxWaitMs * random, undefined, { signal });
  const startMs = clock.monotonicMs();
  const options = { family: 0, deadlineMs: INTERNET_DEADLINE_MS } as const;
  const [address] = await resolveHost(target.host, options, signal);
  if (address === undefined) return { kind: 'unknownFailure', code: 'noAddress' };
  const deadlineMs = Math.max(1, INTERNET_DEADLINE_MS - (clock.monotonicMs() - startMs));
  const tcp = await connectTcp({ address, port: target.port, deadlineMs }, clock, signal);
  if (tcp.kind === 'failed') return outcomeOf(tcp.code);
  tcp.socket.destroy();
  return { kind: 'reachable', tookMs: tcp.tookMs };
}

function outcomeOf(code: string): InternetOutcome {
  switch (code) {
    case 'ETIMEDOUT':
      return { kind: 'notReachable', because: 'silence' };
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
      return { kind: 'notReachable', because: 'noRoute' };
    case 'ECONNREFUSED':
    case 'ECONNRESET':
      return { kind: 'notReachable', because: 'reset' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'notReachable', because: 'blockedHere' };
    default:
      return { kind: 'unknownFailure', code };
  }
}
