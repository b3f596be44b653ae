import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../../platform/clock.ts';
import { resolveHost } from './resolve-host.ts';
import { connectTcp, type TcpOutcome } from './tcp-connect.ts';

/** One host of the configuration. */
export interface HandshakeTarget {
  readonly host: string;
  readonly port: number;
  /** `plain` ends after TCP. */
  readonly security: 'tls' | 'plain';
  /** PEM text of the CA to trust instead of the built-in ones: a portal with a CA of its own. */
  readonly ca?: string | undefined;
  /**
   * Address of the card to leave by: the reserve route. Windows chooses the card by it; Linux does
   * only where a routing rule says so.
   */
  readonly localAddress?: string | undefined;
}

/** Why there was no handshake; each is a reason of a verdict by the same name. */
export type HandshakeFailure =
  /** The name has no address, or the resolver is silent. */
  | 'dnsFailed'
  /** No route, no such network, or the card to leave by has no such address. */
  | 'unreachable'
  /** The host answers and nobody listens there. */
  | 'refused'
  /** Silence, in TCP or in TLS. */
  | 'noAnswer'
  /** The peer talks and cannot agree on TLS: an old version, another cipher (GOST), no TLS. */
  | 'tlsFailed'
  | 'certificateExpired'
  /** Not trusted, not yet valid, or of another name. */
  | 'certificateInvalid';

/** Stages of a handshake, ms each. */
export interface HandshakeTimes {
  /** 0 for an address. */
  readonly dnsMs: number;
  /** Round trip of SYN and SYN-ACK, of the address that answered. */
  readonly tcpMs: number;
  /** Undefined in `plain` mode. */
  readonly tlsMs?: number;
  /** Until the host's own certificate ends by the PC's clock; negative after its end. */
  readonly certificateDays?: number;
}

/** Outcome of one handshake. */
export type HandshakeOutcome =
  | ({ readonly kind: 'measured' } & HandshakeTimes)
  /** Trust problems still tell the days left. */
  | {
      readonly kind: 'failed';
      readonly reason: HandshakeFailure;
      readonly certificateDays?: number;
    };

/** All stages together. The check calls more than 3 s slow; a lost SYN costs 1 s, two cost 3 s. */
export const HANDSHAKE_DEADLINE_MS = 8_000;
const DAY_MS = 86_400_000;

/**
 * DNS, TCP and TLS to one host, and nothing after: no request is made and no byte of payload is
 * sent. Rejects only with the reason of an abort.
 */
export async function measureHandshake(
  target: HandshakeTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<HandshakeOutcome> {
  const startMs = clock.monotonicMs();
  const deadlineAtMs = startMs + HANDSHAKE_DEADLINE_MS;
  const family = familyOf(target.localAddress);
  const addresses = await resolveHost(
    target.host,
    { family, deadlineMs: HANDSHAKE_DEADLINE_MS },
    signal,
  );
  if (addresses.length === 0) return { kind: 'failed', reason: 'dnsFailed' };
  const dnsMs = isIP(target.host) === 0 ? clock.monotonicMs() - startMs : 0;
  const tcp = await connectFirst({ target, addresses, deadlineAtMs }, clock, signal);
  if (tcp.kind === 'failed') return { kind: 'failed', reason: failureOfTcp(tcp.code) };
  const times = { dnsMs, tcpMs: tcp.tookMs };
  try {
    if (target.security === 'plain') return { kind: 'measured', ...times };
    const tls = await secure({ target, socket: tcp.socket, deadlineAtMs }, clock, signal);
    return tls.kind === 'failed' ? tls : { ...tls, ...times };
  } finally {
    tcp.socket.destroy();
  }
}

function familyOf(localAddress: string | undefined): 0 | 4 | 6 {
  const found = localAddress === undefined ? 0 : isIP(localAddress);
  return found === 4 || found === 6 ? found : 0;
}

interface TcpStage {
  readonly target: HandshakeTarget;
  readonly addresses: readonly string[];
  readonly deadlineAtMs: number;
}

/**
 * Addresses one after the other, each with its share of the time left. Not Node's own choice of a
 * family: that gives an address 250 ms, and a lost SYN takes 1 s.
 */
async function connectFirst(
  stage: TcpStage,
  clock: Clock,
  signal: AbortSignal,
): Promise<TcpOutcome> {
  let last: TcpOutcome = { kind: 'failed', code: 'ETIMEDOUT' };
  for (const [at, address] of stage.addresses.entries()) {
    const leftMs = Math.max(1, stage.deadlineAtMs - clock.monotonicMs());
    const deadlineMs = leftMs / (stage.addresses.length - at);
    const { port, localAddress } = stage.target;
    last = await connectTcp({ address, port, localAddress, deadlineMs }, clock, signal);
    if (last.kind === 'connected') return last;
  }
  return last;
}

function failureOfTcp(code: string): HandshakeFailure {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused';
  return code === 'ETIMEDOUT' ? 'noAnswer' : 'unreachable';
}

interface TlsStage {
  readonly target: HandshakeTarget;
  readonly socket: Socket;
  readonly deadlineAtMs: number;
}

type TlsOutcome =
  | { readonly kind: 'measured'; readonly tlsMs: number; readonly certificateDays?: number }
  | Extract<HandshakeOutcome, { kind: 'failed' }>;

function secure(stage: TlsStage, clock: Clock, signal: AbortSignal): Promise<TlsOutcome> {
  const { host, ca } = stage.target;
  return new Promise((resolve, reject) => {
    const startMs = clock.monotonicMs();
    const finish = (outcome: TlsOutcome): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(outcome);
    };
    const onAbort = (): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(signal.reason as Error);
    };
    const socket = connectTls({
      socket: stage.socket,
      host,
      servername: isIP(host) === 0 ? host : '',
      // Trust is judged after the handshake: its end is wanted also of a certificate that is bad.
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca }),
    });
    const timer = setTimeout(
      () => finish({ kind: 'failed', reason: 'noAnswer' }),
      Math.max(1, stage.deadlineAtMs - startMs),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', () => {
      const tlsMs = clock.monotonicMs() - startMs;
      finish(judgeCertificate(socket, tlsMs, clock.wallMs()));
    });
    socket.on('error', () => finish({ kind: 'failed', reason: 'tlsFailed' }));
  });
}

function judgeCertificate(socket: TLSSocket, tlsMs: number, wallMs: number): TlsOutcome {
  const endMs = Date.parse(socket.getPeerCertificate().valid_to);
  const days = Number.isNaN(endMs) ? {} : { certificateDays: (endMs - wallMs) / DAY_MS };
  if (socket.authorized) return { kind: 'measured', tlsMs, ...days };
  // The end comes first: of a self-signed certificate the library tells only that.
  const isExpired = endMs < wallMs || errorOf(socket) === 'CERT_HAS_EXPIRED';
  const reason = isExpired ? 'certificateExpired' : 'certificateInvalid';
  return { kind: 'failed', reason, ...days };
}

/** Typed as an Error, and a string of OpenSSL's code in fact. */
function errorOf(socket: TLSSocket): string {
  return String(socket.authorizationError);
}
