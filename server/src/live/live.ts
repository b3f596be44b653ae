import {
  LIVE_SUBPROTOCOL,
  PROTOCOL_VERSION,
  ProtocolError,
  closeCodes,
  limits,
  encode,
  type LiveHello,
} from '@ppe-pulse/protocol';
import { createBoardDecoder } from '@ppe-pulse/protocol/codec';
import { wholeRegion } from '../access/scope.ts';
import type { LiveParts } from './live-parts.ts';
import { ScopedFeed } from './scoped-feed.ts';
import type { SocketServer, TextSocket } from '../sockets.ts';

/** The boards' door of the collector. */
export interface Live {
  readonly boards: number;
  close(): void;
}

/**
 * Serves boards: hello, one snapshot, then numbered deltas encoded once for all that see the same
 * sites, and a beat every second.
 */
export function createLive(sockets: SocketServer, parts: LiveParts): Live {
  const { tape } = parts;
  const decode = createBoardDecoder();
  const region = new ScopedFeed(parts, wholeRegion);
  /** Of those who see a part, while somebody looks on. */
  const parted = new Map<string, ScopedFeed>();
  const each = (work: (feed: ScopedFeed) => void): void => {
    work(region);
    for (const feed of parted.values()) work(feed);
  };
  const isWanted = (): boolean => tape !== undefined || region.boards.size > 0;
  const tell = (text: string | undefined): void => {
    if (text !== undefined) tape?.take(text);
  };
  const tick = (): void => {
    tell(region.tick(isWanted()));
    for (const feed of parted.values()) feed.tick(true);
  };
  const beat = (): void => {
    tell(region.beat(isWanted()));
    for (const feed of parted.values()) feed.beat(true);
    if (tape?.wantsKeyFrame() !== true) return;
    tick();
    tape.begin(region.snapshot());
  };
  const stopListening = listen(parts, each);
  const timers = [setInterval(tick, limits.boardTickMs), setInterval(beat, limits.boardBeatMs)];

  sockets.onSocket(LIVE_SUBPROTOCOL, (socket) => {
    const scope = parts.boards.of(socket);
    if (!scope)
      return socket.close(closeCodes.notAuthenticated.code, closeCodes.notAuthenticated.reason);
    serveBoard(socket, parts, decode, {
      join: () => {
        const feed = scope.isWhole
          ? region
          : (parted.get(scope.key) ?? new ScopedFeed(parts, scope));
        if (!scope.isWhole) parted.set(scope.key, feed);
        tick();
        feed.join(socket);
      },
      leave: () => {
        const feed = scope.isWhole ? region : parted.get(scope.key);
        feed?.boards.delete(socket);
        if (feed !== region && feed?.boards.size === 0) parted.delete(scope.key);
      },
    });
  });
  return {
    get boards() {
      let count = 0;
      each((feed) => (count += feed.boards.size));
      return count;
    },
    close: () => {
      for (const stop of stopListening) stop();
      for (const timer of timers) clearInterval(timer);
      each((feed) => {
        for (const board of feed.boards)
          board.close(closeCodes.goingAway.code, closeCodes.goingAway.reason);
      });
    },
  };
}

/** Every feed is told of everything, and takes what is of its sites. */
function listen(
  { fleet, rehearsal, incidents, region }: LiveParts,
  each: (work: (feed: ScopedFeed) => void) => void,
): (() => void)[] {
  rehearsal.onSite((code, site) => each((feed) => feed.changeSite(code, site)));
  rehearsal.onMunicipalities(() => each((feed) => feed.changeMunicipalities()));
  incidents.onChange((incident) => each((feed) => feed.changeIncident(incident)));
  incidents.onSilences(() => each((feed) => feed.changeSilences()));
  return [
    fleet.onChange((state) => each((feed) => feed.change(state))),
    fleet.onRemove(({ id }) => each((feed) => feed.remove(id))),
    region.onChange(() => each((feed) => feed.changeRegion())),
  ];
}

function serveBoard(
  socket: TextSocket,
  parts: LiveParts,
  decode: ReturnType<typeof createBoardDecoder>,
  door: { readonly join: () => void; readonly leave: () => void },
): void {
  const helloTimer = setTimeout(
    () => socket.close(closeCodes.handshakeTimeout.code, closeCodes.handshakeTimeout.reason),
    limits.handshakeMs,
  );
  let greeted = false;
  socket.onText((text) => {
    try {
      const message = decode(text);
      if (message.type === 'hello') {
        if (message.protocol !== PROTOCOL_VERSION) {
          throw new ProtocolError(
            'unsupportedProtocol',
            `board speaks protocol ${message.protocol}`,
          );
        }
        clearTimeout(helloTimer);
        greeted = true;
        socket.send(encode(helloOf(parts)));
        door.join();
      } else if (greeted) door.join();
      else throw new ProtocolError('badFrame', 'a resync before the hello');
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      parts.log.warn({ detail: error.message, remote: socket.remote }, 'board socket closed by us');
      socket.close(error.close.code, error.close.reason);
    }
  });
  socket.onClose(() => {
    clearTimeout(helloTimer);
    door.leave();
  });
}

function helloOf(parts: LiveParts): LiveHello {
  return {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    build: parts.build,
    serverTimeMs: parts.clock.wallMs(),
    tickMs: limits.boardTickMs,
  };
}
