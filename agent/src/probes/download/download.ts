import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { slotConnections, type Slot } from '@ppe-pulse/protocol';
import type { VerifiedTls } from '../../link/trust.ts';
import type { Clock } from '../../platform/clock.ts';
import { dialHost } from '../../platform/resolve-localhost.ts';
import { ArrivalMeter, outcomeOf, type ThroughputOutcome } from './arrival-meter.ts';

const CONNECT_DEADLINE_MS = 5_000;
/** One buffer a connection, read into again and again: a fast line would cost 30 MB otherwise. */
const READ_BYTES = 64 * 1024;
const HEAD_BYTES = 4 * 1024;

/** How a test of a slot is made. */
export interface SlotWay {
  readonly clock: Clock;
  /** For a collector that speaks TLS. */
  readonly tls: VerifiedTls;
  readonly signal: AbortSignal;
}

/**
 * Downloads the slot's bytes from the collector over as many connections as its kind has, counts and
 * forgets them. Ends at the slot's bytes or time, or earlier when the speed has settled. `baseUrl` is
 * `http(s)://host:port`; aborting ends it as `lineBusy`.
 */
export async function download(
  baseUrl: string,
  slot: Slot,
  { clock, tls, signal }: SlotWay,
): Promise<ThroughputOutcome> {
  const url = new URL('/agent/v1/throughput', baseUrl);
  const sockets: Socket[] = [];
  const connections = slotConnections[slot.kind];
  let meter: ArrivalMeter | undefined;
  const outcome = await new Promise<ThroughputOutcome>((resolve) => {
    const finish = (): void => {
      clearTimeout(deadline);
      resolve(meter ? outcomeOf(meter) : { kind: 'failed', reason: 'noAnswer' });
    };
    const deadline = setTimeout(finish, CONNECT_DEADLINE_MS + slot.maxMs);
    signal.addEventListener('abort', () => resolve({ kind: 'failed', reason: 'lineBusy' }), {
      once: true,
    });
    let open = connections;
    for (let each = 0; each < connections; each += 1) {
      sockets.push(
        openStream(
          { url, tls, token: slot.token },
          {
            refused: () => resolve({ kind: 'failed', reason: 'refusedByCollector' }),
            asked: () => {
              meter ??= new ArrivalMeter(slot, clock.monotonicMs());
            },
            bytes: (count) => {
              if (meter?.add(count, clock.monotonicMs())) finish();
            },
            ended: () => {
              open -= 1;
              if (open === 0) finish();
            },
          },
        ),
      );
    }
  });
  for (const socket of sockets) socket.destroy();
  return outcome;
}

interface StreamListener {
  /** The request is out: time counts from here. */
  asked(): void;
  refused(): void;
  bytes(count: number): void;
  ended(): void;
}

interface StreamOrder {
  readonly url: URL;
  readonly tls: VerifiedTls;
  readonly token: string;
}

/** An HTTP/1.0 request by hand: its answer is read into one buffer and has no chunks to count. */
function openStream({ url, tls, token }: StreamOrder, listener: StreamListener): Socket {
  let head = '';
  let isBody = false;
  const onread: OnReadOpts = {
    buffer: Buffer.alloc(READ_BYTES),
    callback: (count, buffer) => {
      if (isBody) listener.bytes(count);
      else {
        head += Buffer.from(buffer.buffer, buffer.byteOffset, count).toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end >= 0) {
          isBody = true;
          if (!/^HTTP\/1\.[01] 200 /.test(head)) listener.refused();
          else if (head.length > end + 4) listener.bytes(head.length - end - 4);
        } else if (head.length > HEAD_BYTES) listener.refused();
      }
      return true;
    },
  };
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  // Node's `tls.connect` takes `onread` too; its types do not know.
  const secure: ConnectionOptions & { onread: OnReadOpts } = {
    ...tls,
    host: dialHost(host),
    port,
    ...(isIP(host) === 0 && tls.servername === undefined && { servername: host }),
    onread,
  };
  const socket = isTls ? connectTls(secure) : connectTcp({ host: dialHost(host), port, onread });
  const greet = `GET ${url.pathname} HTTP/1.0\r\nHost: ${url.host}\r\nAuthorization: Slot ${token}\r\n\r\n`;
  socket.once(isTls ? 'secureConnect' : 'connect', () => {
    socket.write(greet);
    listener.asked();
  });
  // What ended it shows in the bytes that came.
  socket.on('error', () => undefined);
  socket.on('close', () => listener.ended());
  return socket;
}
