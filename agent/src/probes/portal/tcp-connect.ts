import { connect, type Socket } from 'node:net';
import type { Clock } from '../../platform/clock.ts';
import { codeOf } from '../../platform/errors.ts';

/** One end to connect to. Addresses, not names: a look-up is timed apart. */
export interface TcpTarget {
  readonly address: string;
  readonly port: number;
  /** Address of the card to leave by; the system chooses without it. */
  readonly localAddress?: string | undefined;
  readonly deadlineMs: number;
}

/** How a connection attempt ended. Whoever gets the socket destroys it. */
export type TcpOutcome =
  | { readonly kind: 'connected'; readonly socket: Socket; readonly tookMs: number }
  /** Code of the system, `ETIMEDOUT` also for our own deadline. */
  | { readonly kind: 'failed'; readonly code: string };

/** One TCP handshake, no data. Rejects only with the reason of an abort. */
export function connectTcp(
  target: TcpTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<TcpOutcome> {
  const { address, port, localAddress, deadlineMs } = target;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const startMs = clock.monotonicMs();
    const socket = connect({
      host: address,
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    const release = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (code: string): void => {
      release();
      socket.destroy();
      resolve({ kind: 'failed', code });
    };
    // Not the library's own option: it leaves a listener on the signal for every connection.
    const onAbort = (): void => {
      release();
      socket.destroy();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => fail('ETIMEDOUT'), deadlineMs);
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays after the connection: a reset before anybody else listens must not end the agent.
    socket.on('error', (error) => fail(codeOf(error)));
    socket.once('connect', () => {
      release();
      resolve({ kind: 'connected', socket, tookMs: clock.monotonicMs() - startMs });
    });
  });
}
