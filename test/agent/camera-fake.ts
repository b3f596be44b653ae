import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What goes with a test. */
export interface Scope {
  onTestFinished(undo: () => void): void;
}

/** One request of the agent. */
export interface FakeRequest {
  readonly method: string;
  readonly uri: string;
  readonly sequence: string;
  /** All of its lines. */
  readonly text: string;
}

/** Answers one request; the default answer is `goodReply`. */
export type Conduct = (request: FakeRequest, socket: Socket) => void;

/** A camera that answers as a test says, in this process. */
export interface FakeCamera {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly FakeRequest[];
  readonly sockets: ReadonlySet<Socket>;
}

/** Description of a 1280×720 H.264 camera with sound. */
export const description = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=Session',
  't=0 0',
  'a=control:*',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;profile-level-id=42C01F;sprop-parameter-sets=Z0LAH9oBQBbsBEAAAPpAADDUI8YMqA==,aM48gA==',
  'a=control:trackID=0',
  'm=audio 0 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
  'a=control:trackID=1',
  '',
].join('\r\n');

/** A response; the body's length is put in. */
export function reply(
  status: string,
  { sequence }: Pick<FakeRequest, 'sequence'>,
  headers: readonly string[] = [],
  body = '',
): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...headers, ...length];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** What a decent camera answers. */
export function goodReply(request: FakeRequest): string {
  const session = 'Session: 4711;timeout=60';
  switch (request.method) {
    case 'OPTIONS':
      return reply('200 OK', request, [
        'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER',
      ]);
    case 'DESCRIBE':
      return reply(
        '200 OK',
        request,
        [`Content-Base: ${request.uri}/`, 'Content-Type: application/sdp'],
        description,
      );
    case 'SETUP': {
      const transport = /^Transport: (.*)$/m.exec(request.text)?.[1] ?? '';
      return reply('200 OK', request, [session, `Transport: ${transport}`]);
    }
    default:
      return reply('200 OK', request, [session]);
  }
}

/** Starts one on a free port of loopback. */
export async function startFakeCamera(
  scope: Scope,
  conduct: Conduct = (request, socket) => void socket.write(goodReply(request)),
  host = '127.0.0.1',
): Promise<FakeCamera> {
  const requests: FakeRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let rest = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const heads = (rest + text).split('\r\n\r\n');
      rest = heads.pop() ?? '';
      for (const head of heads) {
        const request = requestOf(head);
        requests.push(request);
        conduct(request, socket);
      }
    });
  });
  scope.onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const port = await listen(server, host);
  const name = host.includes(':') ? `[${host}]` : host;
  return { port, url: `rtsp://${name}:${port}/live`, requests, sockets };
}

function requestOf(text: string): FakeRequest {
  const [, method = '', uri = ''] = /^(\S+) (\S+) RTSP\/1\.0/.exec(text) ?? [];
  return { method, uri, text, sequence: /^CSeq: (\d+)/m.exec(text)?.[1] ?? '' };
}

/** Starts a server on a free port. */
export function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** An interleaved frame. */
export function interleaved(channel: number, packet: Buffer): Buffer {
  const head = Buffer.from([0x24, channel, 0, 0]);
  head.writeUInt16BE(packet.length, 2);
  return Buffer.concat([head, packet]);
}

/** An RTP packet. */
export function rtp(packet: {
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload?: Buffer | readonly number[];
  readonly payloadType?: number;
  readonly source?: number;
  readonly marker?: boolean;
}): Buffer {
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = (packet.payloadType ?? 96) | (packet.marker ? 0x80 : 0);
  head.writeUInt16BE(packet.sequence & 0xffff, 2);
  head.writeUInt32BE(packet.timestamp >>> 0, 4);
  head.writeUInt32BE(packet.source ?? 1, 8);
  return Buffer.concat([head, Buffer.from(packet.payload ?? [0x41, 0xe0])]);
}
