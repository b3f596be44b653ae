import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameReader, type PassingText } from './frames.ts';
import { Pipe, type LinkManners } from './pipe.ts';
import type { Hop, Passed, Traffic } from './traffic.ts';

/** What a link is like when nothing is wrong with it. */
export interface LinkNature {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  /** Extra time of the next chunk. */
  readonly lossMs: () => number;
}

/** A cable that nothing is wrong with. */
export const goodLink: LinkNature = {
  delayMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  lossMs: () => 0,
};

/** What a tap works with. */
export interface TapParts {
  readonly name: string;
  readonly nature: LinkNature;
  readonly traffic: Traffic;
  readonly hop: Hop;
  /** Port on loopback of who is at the far end; undefined while there is nobody. */
  readonly farPort: () => number | undefined;
}

interface Pair {
  readonly connection: number;
  readonly near: Socket;
  far: Socket | undefined;
  readonly pipes: Pipe[];
}

/**
 * The link between one agent and the collector or its relay: a TCP proxy on loopback that can be cut, frozen and
 * slowed, and that reads the heartbeats and acks as they pass.
 */
export class Tap {
  readonly #parts: TapParts;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #manners: LinkManners;
  #isCut = false;

  private constructor(parts: TapParts) {
    this.#parts = parts;
    this.#manners = { isFrozen: false, ...parts.nature };
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) =>
      this.#accept(near),
    );
  }

  static async open(parts: TapParts): Promise<Tap> {
    const tap = new Tap(parts);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Tears every connection and refuses new ones. */
  cut(): void {
    this.#isCut = true;
    for (const pair of this.#pairs) this.#tear(pair);
  }

  join(): void {
    this.#isCut = false;
  }

  /** Nothing passes any more, and nobody is told. */
  freeze(): void {
    this.#manners.isFrozen = true;
  }

  thaw(): void {
    this.#manners.isFrozen = false;
    for (const pair of this.#pairs) {
      if (!pair.far) this.#reach(pair);
      for (const pipe of pair.pipes) pipe.pump();
    }
  }

  /** Undefined is as fast as the link's own nature. */
  slow(bytesPerSecond: number | undefined): void {
    this.#manners.bytesPerSecond = bytesPerSecond ?? this.#parts.nature.bytesPerSecond;
    for (const { pipes } of this.#pairs) for (const pipe of pipes) pipe.pump();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) this.#tear(pair);
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    // An end that is torn says so as an error; the pipes look at the close.
    near.on('error', () => undefined);
    if (this.#isCut) {
      near.resetAndDestroy();
      return;
    }
    const { traffic, name, hop } = this.#parts;
    const connection = traffic.connect(name, hop, Date.now());
    const pair: Pair = { connection, near, far: undefined, pipes: [] };
    this.#pairs.add(pair);
    const see = (text: string) => traffic.fromAgent(text, connection, Date.now());
    pair.pipes.push(this.#pipe(near, see));
    near.once('end', () => traffic.closed(connection, Date.now()));
    near.once('close', () => {
      traffic.closed(connection, Date.now());
      if (pair.far) this.#forget(pair);
      else this.#tear(pair);
    });
    if (!this.#manners.isFrozen) this.#reach(pair);
  }

  /** Opens the collector's end of a connection. */
  #reach(pair: Pair): void {
    const { traffic, farPort } = this.#parts;
    const port = farPort();
    if (pair.near.destroyed || port === undefined) {
      this.#tear(pair);
      return;
    }
    const far = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    pair.far = far;
    far.on('error', () => {
      // One that was connected tells by its pipe, which a freeze holds back.
      if (far.connecting || far.localPort === undefined) this.#tear(pair);
    });
    far.once('end', () => traffic.farClosed(pair.connection, Date.now()));
    far.once('close', () => {
      traffic.farClosed(pair.connection, Date.now());
      this.#forget(pair);
    });
    const see = (text: string) => traffic.fromCollector(text, pair.connection, Date.now());
    const back = this.#pipe(far, see);
    const [forth] = pair.pipes;
    pair.pipes.push(back);
    far.once('connect', () => {
      forth?.connect(far);
      back.connect(pair.near);
    });
  }

  #pipe(source: Socket, see: See): Pipe {
    const reader = new FrameReader();
    const passing = new Passing(see);
    return new Pipe(source, this.#manners, {
      came: (bytes) => passing.came(reader.push(bytes)),
      passed: (passedBytes) => passing.passed(passedBytes),
    });
  }

  #tear(pair: Pair): void {
    for (const pipe of pair.pipes) pipe.stop();
    pair.near.resetAndDestroy();
    pair.far?.resetAndDestroy();
    this.#pairs.delete(pair);
  }

  #forget(pair: Pair): void {
    if (pair.near.destroyed && (pair.far?.destroyed ?? true)) this.#pairs.delete(pair);
  }
}

/** Notes a text; answers what is to be told when its last byte was passed on. */
type See = (text: string) => Passed | undefined;

/** Told of a text when it came, and again when its last byte was passed on. */
class Passing {
  readonly #see: See;
  #waiting: { readonly endByte: number; readonly tell: Passed }[] = [];

  constructor(see: See) {
    this.#see = see;
  }

  came(texts: readonly PassingText[]): void {
    for (const { text, endByte } of texts) {
      const tell = this.#see(text);
      if (tell) this.#waiting.push({ endByte, tell });
    }
  }

  passed(passedBytes: number): void {
    const nowMs = Date.now();
    while (this.#waiting[0] && this.#waiting[0].endByte <= passedBytes)
      this.#waiting.shift()?.tell(nowMs);
  }
}
