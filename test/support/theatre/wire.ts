import { setTimeout as sleep } from 'node:timers/promises';
import { trendRows, type Snapshot, type Trend } from '@ppe-pulse/protocol';
import type { SocketServer, TextSocket } from '../../../server/src/sockets.ts';

/** Frames by their type, as the collector made them. */
export interface FrameCounts {
  readonly hello: number;
  readonly snapshot: number;
  readonly delta: number;
  readonly beat: number;
}

/** What may happen to frames between the collector and boards. */
export interface Wire {
  /** Boards that are connected now. */
  readonly boards: number;
  readonly made: FrameCounts;
  /** How often a board asked for a snapshot beside the first. */
  readonly resyncs: number;
  /** No frame arrives from now on, and the sockets stay open: the picture grows stale. */
  hold(): void;
  /** Frames arrive again; what was held is lost. */
  flow(): void;
  /** Closes every socket and lets none in: the collector is lost. Boards have seen it when this ends. */
  drop(): Promise<void>;
  /** Sockets are let in again. */
  restore(): void;
  /** The next deltas are lost. */
  lose(deltas?: number): void;
  /** The next delta arrives twice. */
  duplicate(): void;
  /** The next two deltas arrive in the wrong order. */
  swap(): void;
  /** Another frame than the collector's own, as it is. */
  say(frame: object): void;
}

/** As sockets take it. */
type Frame = string | Buffer;

interface Fault {
  isHeld: boolean;
  isDown: boolean;
  lost: number;
  doubled: number;
  /** A beat is owed although the clock stands still. */
  owed: number;
  /** Null: nothing is swapped; a frame: it waits for the next one. */
  swapped: { readonly frame: Frame } | 'wanted' | null;
}

/** What the wire adds and leaves out. */
export interface WireScript {
  /** Snapshots carry it. */
  readonly trend: Trend;
  /** True: beats are left out, they would say nothing new. */
  readonly isStill: () => boolean;
}

/** Long enough for a browser on the same machine to have got what was sent. */
const ARRIVAL_MS = 300;

/** Puts a wire with faults between sockets and whoever serves them. */
export function faultyWire(
  sockets: SocketServer,
  { trend, isStill }: WireScript,
): {
  readonly sockets: SocketServer;
  readonly wire: Wire;
  readonly isDown: () => boolean;
  /** The next beat goes out also while the clock stands still. */
  readonly oweBeat: () => void;
} {
  const open = new Set<TextSocket>();
  const fault: Fault = {
    isHeld: false,
    isDown: false,
    lost: 0,
    doubled: 0,
    owed: 0,
    swapped: null,
  };
  const made = { hello: 0, snapshot: 0, delta: 0, beat: 0 };
  let resyncs = 0;
  let newest: Frame = '';
  let pending: readonly Frame[] = [];
  /** One frame goes to many sockets: its fate is decided once. */
  const fateOf = (frame: Frame): readonly Frame[] => {
    if (frame === newest) return pending;
    newest = frame;
    pending = fate(frame, fault, { made, isStill: isStill() }).map((each) =>
      withTrend(each, trend),
    );
    return pending;
  };
  const through = (socket: TextSocket): TextSocket => ({
    ...socket,
    get bufferedBytes() {
      return socket.bufferedBytes;
    },
    onText: (handle) =>
      socket.onText((text) => {
        if (text.includes('"resync"')) resyncs += 1;
        handle(text);
      }),
    send: (frame) => {
      for (const each of fateOf(frame)) socket.send(each);
    },
    sendFirst: ([head, ...more]) => {
      const first = head ? fateOf(head) : [];
      if (first.length > 0) socket.sendFirst([...first.map((each) => Buffer.from(each)), ...more]);
    },
  });
  return {
    isDown: () => fault.isDown,
    oweBeat: () => void (fault.owed += 1),
    sockets: {
      onSocket: (subprotocol, handle) =>
        sockets.onSocket(subprotocol, (socket) => {
          open.add(socket);
          socket.onClose(() => open.delete(socket));
          handle(through(socket));
        }),
      close: () => sockets.close(),
    },
    wire: {
      get boards() {
        return open.size;
      },
      get made() {
        return { ...made };
      },
      get resyncs() {
        return resyncs;
      },
      hold: () => void (fault.isHeld = true),
      flow: () => void (fault.isHeld = false),
      drop: async () => {
        fault.isDown = true;
        for (const socket of open) socket.close(1001, 'goingAway');
        await sleep(ARRIVAL_MS);
      },
      restore: () => void (fault.isDown = false),
      lose: (deltas = 1) => void (fault.lost += deltas),
      duplicate: () => void (fault.doubled += 1),
      swap: () => void (fault.swapped = 'wanted'),
      say: (frame) => {
        for (const socket of open) socket.send(JSON.stringify(frame));
      },
    },
  };
}

function fate(
  frame: Frame,
  fault: Fault,
  { made, isStill }: { readonly made: Record<string, number>; readonly isStill: boolean },
): readonly Frame[] {
  const type = typeOf(frame);
  made[type] = (made[type] ?? 0) + 1;
  if (fault.isHeld) return [];
  if (type === 'beat' && isStill) {
    if (fault.owed === 0) return [];
    fault.owed -= 1;
  }
  if (type !== 'delta') return [frame];
  if (fault.lost > 0) {
    fault.lost -= 1;
    return [];
  }
  if (fault.doubled > 0) {
    fault.doubled -= 1;
    return [frame, frame];
  }
  if (fault.swapped === 'wanted') {
    fault.swapped = { frame };
    return [];
  }
  if (fault.swapped === null) return [frame];
  const earlier = fault.swapped.frame;
  fault.swapped = null;
  return [frame, earlier];
}

/** The collector gathers its trend for hours: a stage that has just been set has one from its script. */
function withTrend(frame: Frame, trend: Trend): Frame {
  if (trend.points.length === 0 || typeOf(frame) !== 'snapshot') return frame;
  const snapshot = JSON.parse(frame.toString()) as Snapshot;
  return JSON.stringify({ ...snapshot, trend: trendRows(trend) });
}

function typeOf(frame: Frame): string {
  const head = typeof frame === 'string' ? frame.slice(0, 40) : frame.toString('utf8', 0, 40);
  return /"type":"(\w+)"/.exec(head)?.[1] ?? '';
}
