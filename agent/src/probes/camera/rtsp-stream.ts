import type { Clock } from '../../platform/clock.ts';
import { ByteBudget } from './byte-budget.ts';
import type { Credentials } from './camera-auth.ts';
import { RtspSession, StreamError } from './rtsp-session.ts';
import type { RtspResponse } from './rtsp-reader.ts';
import { readDescription, type Description, type Track } from './sdp.ts';
import type { OpenedStream, StreamFailure, WatchedStream } from './stream-failure.ts';
import { StreamStats } from './stream-stats.ts';
import { openUdpTrack, type UdpTrack } from './udp-track.ts';

/** One camera's stream. The address holds no credentials. */
export interface RtspTarget {
  /** `rtsp://host[:port]/path`. */
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly credentials?: Credentials;
}

/** From the first packet to the answer to PLAY; a camera that drips its answers is cut off then. */
const OPEN_DEADLINE_MS = 10_000;
/** Session time-out where the camera names none (RFC 2326, 12.37). */
const SESSION_SECONDS = 60;
const LEAST_KEEP_ALIVE_MS = 2_000;

/** Opens a stream and starts to count it. Never rejects. */
export async function openRtspStream(target: RtspTarget, clock: Clock): Promise<OpenedStream> {
  const connection = new Connection(target, clock);
  const timer = setTimeout(() => connection.fail('noAnswer'), OPEN_DEADLINE_MS);
  try {
    return { kind: 'open', stream: await connection.open() };
  } catch (error) {
    connection.close();
    // An address that no URL is made of, a system without free ports.
    return { kind: 'failed', reason: error instanceof StreamError ? error.reason : 'unsupported' };
  } finally {
    clearTimeout(timer);
  }
}

/** What a camera said of its session. */
interface Session {
  id?: string;
  timeoutSeconds: number;
}

/** Everything of one connection. */
class Connection {
  readonly #target: RtspTarget;
  readonly #clock: Clock;
  readonly #budget: ByteBudget;
  readonly #udp: UdpTrack[] = [];
  readonly #byChannel = new Map<number, Track['kind']>();
  #rtsp: RtspSession | undefined;
  #stats: StreamStats | undefined;
  #keepAlive: NodeJS.Timeout | undefined;
  #hasFailed: StreamFailure | undefined;
  #end: (reason: StreamFailure) => void = () => undefined;
  readonly #ended = new Promise<StreamFailure>((resolve) => {
    this.#end = resolve;
  });

  constructor(target: RtspTarget, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    this.#budget = new ByteBudget(clock.monotonicMs());
  }

  async open(): Promise<WatchedStream> {
    const { url, credentials } = this.#target;
    const rtsp = await RtspSession.connect(new URL(url), credentials, {
      frame: (channel, bytes) => this.#interleaved(channel, bytes),
      allows: (bytes) => this.#budget.take(bytes, this.#clock.monotonicMs()),
      ended: (reason) => {
        this.#cleanUp();
        this.#end(reason);
      },
    });
    this.#rtsp = rtsp;
    if (this.#hasFailed) throw new StreamError(this.#hasFailed);
    const keepAlive = keepAliveMethod(await rtsp.ask('OPTIONS', url).catch(unless(refusals)));
    const description = await this.#describe(rtsp);
    const video =
      description.tracks.find(({ kind, codec }) => kind === 'video' && codec !== undefined) ??
      description.tracks.find(({ kind }) => kind === 'video');
    if (!video) throw new StreamError('unsupported');
    const stats = new StreamStats(video);
    this.#stats = stats;
    const session: Session = { timeoutSeconds: SESSION_SECONDS };
    await this.#setUp(rtsp, video, session);
    const audio = description.tracks.find(({ kind }) => kind === 'audio');
    // Some cameras describe a sound that they do not give; the picture is to be seen all the same.
    const isRefused = unless([...refusals, 'unauthorised']);
    if (audio && (await this.#setUp(rtsp, audio, session).catch(isRefused)))
      stats.expectAudio(this.#clock.monotonicMs());
    // PLAY goes to the aggregate address: on a track's own one servers answer 460.
    const { control } = description;
    await rtsp.ask('PLAY', control, { ...headersOf(session), Range: 'npt=0.000-' });
    this.#keepAlive = this.#startKeepAlive(session, () =>
      rtsp.tell(keepAlive, control, headersOf(session)),
    );
    return {
      snapshot: (nowMs) => stats.snapshot(nowMs),
      ended: this.#ended,
      close: () => {
        rtsp.tell('TEARDOWN', control, headersOf(session));
        this.close();
      },
    };
  }

  /** Gives up; what waits for an answer gets this reason. */
  fail(reason: StreamFailure): void {
    this.#hasFailed = reason;
    this.#rtsp?.end(reason);
  }

  close(): void {
    this.#rtsp?.close();
    this.#cleanUp();
  }

  async #describe(rtsp: RtspSession): Promise<Description> {
    const { url } = this.#target;
    const { headers, body } = await rtsp.ask('DESCRIBE', url, { Accept: 'application/sdp' });
    const base = headers.get('content-base') ?? headers.get('content-location');
    // Some cameras name a base without a host.
    const isWhole = base !== undefined && /^rtsps?:\/\//i.test(base);
    return readDescription(body, isWhole ? base : url);
  }

  async #setUp(rtsp: RtspSession, track: Track, session: Session): Promise<RtspResponse> {
    const answer =
      this.#target.transport === 'tcp'
        ? await this.#setUpTcp(rtsp, track, session)
        : await this.#setUpUdp(rtsp, track, session);
    const [id = '', ...rest] = (answer.headers.get('session') ?? '').split(';');
    if (id !== '') session.id = id.trim();
    const seconds = Number(/timeout=(\d{1,5})/.exec(rest.join(';'))?.[1]);
    if (seconds > 0) session.timeoutSeconds = seconds;
    return answer;
  }

  async #setUpTcp(rtsp: RtspSession, track: Track, session: Session): Promise<RtspResponse> {
    const channel = track.kind === 'video' ? 0 : 2;
    const answer = await rtsp.ask('SETUP', track.control, {
      ...headersOf(session),
      Transport: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
    });
    const own = /interleaved=(\d{1,3})/.exec(answer.headers.get('transport') ?? '')?.[1];
    this.#byChannel.set(own === undefined ? channel : Number(own), track.kind);
    return answer;
  }

  async #setUpUdp(rtsp: RtspSession, track: Track, session: Session): Promise<RtspResponse> {
    const udp = await openUdpTrack(
      { local: rtsp.localAddress, camera: rtsp.remoteAddress },
      (packet) => {
        if (this.#budget.take(packet.length, this.#clock.monotonicMs()))
          this.#packet(track.kind, packet);
        else this.fail('badAnswer');
      },
    );
    this.#udp.push(udp);
    const answer = await rtsp.ask('SETUP', track.control, {
      ...headersOf(session),
      Transport: `RTP/AVP;unicast;client_port=${udp.port}-${udp.port + 1}`,
    });
    const transport = answer.headers.get('transport') ?? '';
    const [, rtp = '', rtcp] = /server_port=(\d{1,5})(?:-(\d{1,5}))?/.exec(transport) ?? [];
    if (rtp !== '') udp.connect(Number(rtp), rtcp === undefined ? Number(rtp) + 1 : Number(rtcp));
    return answer;
  }

  #startKeepAlive(session: Session, tell: () => void): NodeJS.Timeout {
    const everyMs = Math.max(LEAST_KEEP_ALIVE_MS, (session.timeoutSeconds * 1_000) / 2);
    const timer = setInterval(() => {
      tell();
      for (const each of this.#udp) each.report();
    }, everyMs);
    timer.unref();
    return timer;
  }

  #interleaved(channel: number, bytes: Buffer): void {
    // Reports (RTCP) come on the channels between.
    const kind = this.#byChannel.get(channel);
    if (kind) this.#packet(kind, bytes);
  }

  #packet(kind: Track['kind'], bytes: Buffer): void {
    const nowMs = this.#clock.monotonicMs();
    if (kind === 'video') this.#stats?.video(bytes, nowMs);
    else this.#stats?.audio(bytes, nowMs);
  }

  #cleanUp(): void {
    clearInterval(this.#keepAlive);
    for (const each of this.#udp) each.close();
  }
}

function headersOf({ id }: Session): Readonly<Record<string, string>> {
  return id === undefined ? {} : { Session: id };
}

/** The session is kept alive by a method that the camera knows (RFC 2326, 10.8). */
function keepAliveMethod(options: RtspResponse | undefined): 'GET_PARAMETER' | 'OPTIONS' {
  const offered = options?.headers.get('public') ?? 'GET_PARAMETER';
  return /\bGET_PARAMETER\b/.test(offered) ? 'GET_PARAMETER' : 'OPTIONS';
}

/** Answers of a camera that does not want what was asked. */
const refusals: readonly StreamFailure[] = ['badAnswer', 'notFound', 'unsupported'];

/** Lets a failure of something that is not needed pass, when it is one of these. */
function unless(reasons: readonly StreamFailure[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof StreamError && reasons.includes(error.reason)) return undefined;
    throw error;
  };
}
