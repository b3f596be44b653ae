import type { Clock } from '../../platform/clock.ts';
import { RtspSession, StreamError } from './rtsp-session.ts';
import type { RtspResponse } from './rtsp-reader.ts';
import { tracksOf, type Track, type VideoCodec } from './sdp.ts';
import type { OpenedStream, StreamFailure, WatchedStream } from './stream-failure.ts';
import { StreamStats } from './stream-stats.ts';
import { openUdpTrack, type UdpTrack } from './udp-track.ts';

/** One camera's stream. The address holds no credentials. */
export interface RtspTarget {
  /** `rtsp://host[:port]/path`. */
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly username?: string;
  readonly password?: string;
}

/** Session time-out where the camera names none (RFC 2326, 12.37). */
const SESSION_SECONDS = 60;
/** A camera that sends this much in one connection is cut off: 100 Mbit/s for an hour. */
const BUDGET_BYTES = 45_000_000_000;

interface Video extends Track {
  readonly codec: VideoCodec;
}

/** Opens a stream and starts to count it. Never rejects. */
export async function openRtspStream(target: RtspTarget, clock: Clock): Promise<OpenedStream> {
  const opening = new Opening(target, clock);
  try {
    return { kind: 'open', stream: await opening.open() };
  } catch (error) {
    opening.close();
    if (error instanceof StreamError) return { kind: 'failed', reason: error.reason };
    throw error;
  }
}

/** Everything of one connection. */
class Opening {
  readonly #target: RtspTarget;
  readonly #clock: Clock;
  readonly #udp: UdpTrack[] = [];
  readonly #byChannel = new Map<number, 'video' | 'audio'>();
  #session: RtspSession | undefined;
  #stats: StreamStats | undefined;
  #keepAlive: NodeJS.Timeout | undefined;
  #bytes = 0;
  #end: (reason: StreamFailure) => void = () => undefined;
  readonly #ended = new Promise<StreamFailure>((resolve) => {
    this.#end = resolve;
  });

  constructor(target: RtspTarget, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  async open(): Promise<WatchedStream> {
    const url = new URL(this.#target.url);
    const { username, password = '' } = this.#target;
    const session = await RtspSession.connect(
      url,
      username === undefined ? undefined : { username, password },
      {
        frame: (channel, bytes) => this.#interleaved(channel, bytes),
        ended: (reason) => {
          this.#cleanUp();
          this.#end(reason);
        },
      },
    );
    this.#session = session;
    await session.ask('OPTIONS', this.#target.url);
    const described = await session.ask('DESCRIBE', this.#target.url, {
      Accept: 'application/sdp',
    });
    const base = described.headers.get('content-base') ?? this.#target.url;
    const tracks = tracksOf(described.body, base);
    const video = tracks.find(
      (each): each is Video => each.kind === 'video' && each.codec !== undefined,
    );
    if (!video) throw new StreamError('unsupported');
    const stats = new StreamStats(video);
    this.#stats = stats;
    const audio = tracks.find(({ kind }) => kind === 'audio');
    let sessionId: string | undefined;
    let seconds = SESSION_SECONDS;
    for (const [at, track] of (audio ? [video, audio] : [video]).entries()) {
      const answer = await this.#setUp(session, track, { at, sessionId });
      const [id, ...rest] = (answer.headers.get('session') ?? '').split(';');
      sessionId = id ?? sessionId;
      seconds = Number(/timeout=(\d{1,5})/.exec(rest.join(';'))?.[1] ?? seconds);
    }
    const session2 = sessionId === undefined ? {} : { Session: sessionId };
    // PLAY goes to the aggregate address: on a track's own one servers answer 460.
    await session.ask('PLAY', base, { ...session2, Range: 'npt=0.000-' });
    const everyMs = Math.max(2_000, (seconds * 1_000) / 2);
    this.#keepAlive = setInterval(() => {
      session.tell('GET_PARAMETER', base, session2);
      for (const each of this.#udp) each.report();
    }, everyMs);
    this.#keepAlive.unref();
    return {
      snapshot: (nowMs) => stats.snapshot(nowMs),
      ended: this.#ended,
      close: () => {
        session.tell('TEARDOWN', base, session2);
        this.close();
      },
    };
  }

  close(): void {
    this.#session?.close();
    this.#cleanUp();
  }

  async #setUp(
    session: RtspSession,
    track: Track,
    { at, sessionId }: { readonly at: number; readonly sessionId: string | undefined },
  ): Promise<RtspResponse> {
    const headers = sessionId === undefined ? {} : { Session: sessionId };
    if (this.#target.transport === 'tcp') {
      const channel = at * 2;
      const transport = `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
      const answer = await session.ask('SETUP', track.control, {
        ...headers,
        Transport: transport,
      });
      const own = /interleaved=(\d{1,3})/.exec(answer.headers.get('transport') ?? '')?.[1];
      this.#byChannel.set(own === undefined ? channel : Number(own), track.kind);
      return answer;
    }
    const udp = await openUdpTrack(session.localAddress, (packet) =>
      this.#packet(track.kind, packet),
    );
    this.#udp.push(udp);
    const transport = `RTP/AVP;unicast;client_port=${udp.port}-${udp.port + 1}`;
    const answer = await session.ask('SETUP', track.control, { ...headers, Transport: transport });
    const ports = /server_port=(\d{1,5})-(\d{1,5})/.exec(answer.headers.get('transport') ?? '');
    if (ports) udp.connect(session.remoteAddress, Number(ports[1]), Number(ports[2]));
    return answer;
  }

  #interleaved(channel: number, bytes: Buffer): void {
    const kind = this.#byChannel.get(channel);
    if (kind) this.#packet(kind, bytes);
  }

  #packet(kind: 'video' | 'audio', bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > BUDGET_BYTES) {
      this.#session?.close();
      return;
    }
    if (kind === 'video') this.#stats?.video(bytes, this.#clock.monotonicMs());
    else this.#stats?.audio();
  }

  #cleanUp(): void {
    clearInterval(this.#keepAlive);
    for (const each of this.#udp) each.close();
  }
}
