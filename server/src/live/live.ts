import {
  LIVE_SUBPROTOCOL,
  PROTOCOL_VERSION,
  ProtocolError,
  closeCodes,
  LiveFeed,
  limits,
  encode,
  type Fleet,
  type LiveHello,
  type Overview,
} from '@ppe-pulse/protocol';
import { createBoardDecoder } from '@ppe-pulse/protocol/codec';
import type { Clock } from '../clock.ts';
import type { IncidentBook } from '../incidents/incident-book.ts';
import type { Log } from '../log.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { FrameTape } from './frame-tape.ts';
import type { SocketServer, TextSocket } from '../sockets.ts';

/** What boards are served from. */
export interface LiveParts {
  readonly fleet: Pick<Fleet, 'all' | 'onChange' | 'onRemove'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Identity of the served page: a new one makes boards reload. */
  readonly build: string;
  readonly overview: () => Overview;
  readonly dataAgeMs: () => number | null;
  readonly rehearsal: Pick<
    Rehearsal,
    'liveSites' | 'liveMunicipalities' | 'onSite' | 'onMunicipalities'
  >;
  readonly incidents: Pick<IncidentBook, 'open' | 'silences' | 'onChange' | 'onSilences'>;
  /** Keeps what boards get, also while there is none: what was not shown can be looked at later. */
  readonly tape?: FrameTape;
}

/** The boards' door of the collector. */
export interface Live {
  readonly boards: number;
  close(): void;
}

/**
 * Serves boards: hello, one snapshot, then numbered deltas encoded once for all of them, and a beat
 * every second.
 */
export function createLive(sockets: SocketServer, parts: LiveParts): Live {
  const { fleet, clock, tape } = parts;
  const decode = createBoardDecoder();
  const boards = new Set<TextSocket>();
  const feed = new LiveFeed({
    all: () => fleet.all(),
    overview: parts.overview,
    sites: () => parts.rehearsal.liveSites(),
    municipalities: () => parts.rehearsal.liveMunicipalities(),
    incidents: () => ({ open: parts.incidents.open(), silences: parts.incidents.silences() }),
    dataAgeMs: parts.dataAgeMs,
    wallMs: () => clock.wallMs(),
  });
  const sendAll = (text: string | undefined): void => {
    if (text === undefined) return;
    tape?.take(text);
    if (boards.size === 0) return;
    // Once for all boards: ws would encode a text anew for each.
    const frame = Buffer.from(text);
    // A board that does not read is closed; it will come back and start from a snapshot.
    for (const board of boards) board.send(frame);
  };
  const isWanted = (): boolean => tape !== undefined || boards.size > 0;
  const tick = (): void => sendAll(feed.nextDelta(isWanted()));
  const beat = (): void => {
    sendAll(feed.nextBeat(isWanted()));
    if (tape?.wantsKeyFrame() !== true) return;
    tick();
    tape.begin(feed.snapshot());
  };
  // One buffer for all boards that come before the next delta: the country's is of tens of megabytes.
  let held: { readonly text: string; readonly frame: Buffer } | undefined;
  const snapshot = (): Buffer => {
    const text = feed.snapshot();
    if (held?.text !== text) held = { text, frame: Buffer.from(text) };
    return held.frame;
  };
  const stopListening = [
    fleet.onChange((state) => feed.change(state)),
    fleet.onRemove(({ id }) => feed.remove(id)),
  ];
  parts.rehearsal.onSite((code, site) => feed.changeSite(code, site));
  parts.rehearsal.onMunicipalities(() => feed.changeMunicipalities());
  parts.incidents.onChange((incident) => feed.changeIncident(incident));
  parts.incidents.onSilences(() => feed.changeSilences());
  const timers = [setInterval(tick, limits.boardTickMs), setInterval(beat, limits.boardBeatMs)];

  sockets.onSocket(LIVE_SUBPROTOCOL, (socket) => {
    serveBoard(socket, parts, decode, {
      join: () => {
        // Everyone else gets what the snapshot already holds as an ordinary delta first.
        tick();
        socket.sendFirst(snapshot());
        boards.add(socket);
      },
      leave: () => boards.delete(socket),
    });
  });
  return {
    get boards() {
      return boards.size;
    },
    close: () => {
      for (const stop of stopListening) stop();
      for (const timer of timers) clearInterval(timer);
      for (const board of boards)
        board.close(closeCodes.goingAway.code, closeCodes.goingAway.reason);
    },
  };
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
