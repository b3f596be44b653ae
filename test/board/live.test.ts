import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ENDED_KEPT,
  nothingKnown,
  reduceLive,
  verdicts,
  workstationRow,
  type Delta,
  type LiveState,
  type LiveWorkstation,
  type Overview,
  type Snapshot,
  type ToBoard,
  type WorkstationRow,
} from '@ppe-pulse/protocol';
import { freshnessOf } from '../../board/src/live/freshness.ts';
import { LiveClient, type LiveEnvironment } from '../../board/src/live/live-client.ts';
import { incidentOf, noCameras, silenceOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const overview: Overview = {
  at: '2024-05-15T02:42:00.000Z',
  dataAgeMs: 0,
  workstations: {
    planned: 2,
    seen: 2,
    notYetHeard: 0,
    unplanned: 0,
    simulated: 0,
    byVerdict: { ok: 2, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 },
  },
  sites: {
    total: 2,
    involved: 2,
    byVerdict: { ok: 2, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 },
  },
  stages: [],
  cameras: noCameras,
  throughput: { rxBytesPerSecond: 0, txBytesPerSecond: 0, stations: 0 },
  incidents: { open: 0, critical: 0, untaken: 0, oldestUntakenAtMs: null, silenced: 0 },
  ingest: { heartbeatsPerSecond: 0.4, backlog: 0 },
  warnings: [],
};

const SNAPSHOT_MS = 2_000;
const DELTA_MS = 3_000;

function workstation(
  index: number,
  siteCode: string,
  part: Partial<LiveWorkstation> = {},
): LiveWorkstation {
  return {
    index,
    id: workstationId(index + 1),
    placement: { siteCode, roomCode: '0001', role: 'organizer', duty: 'main', simulated: false },
    verdict: 'ok',
    reason: 'ok',
    lastSeenMs: 1_000,
    problems: [],
    values: [0.1, null],
    ...part,
  };
}

const rows = (atMs: number, ...all: readonly LiveWorkstation[]): WorkstationRow[] =>
  all.map((each) => workstationRow(each, atMs));

const snapshot: Snapshot = {
  type: 'snapshot',
  seq: 10,
  serverTimeMs: SNAPSHOT_MS,
  dataAgeMs: 5,
  overview,
  columns: ['pc.cpu.ratio', 'net.rtt.ms'],
  workstations: rows(SNAPSHOT_MS, workstation(0, '0001'), workstation(1, '0002')),
  sites: [],
  municipalities: [],
  trend: { everyMs: 15_000, points: [] },
  incidents: [],
  silences: [],
};
const delta = (seq: number, part: Partial<Delta> = {}): Delta => ({
  type: 'delta',
  seq,
  serverTimeMs: DELTA_MS,
  dataAgeMs: 1,
  changes: [],
  flips: [],
  added: [],
  sites: [],
  removedSites: [],
  municipalities: null,
  incidents: [],
  endedIncidents: [],
  silences: null,
  removed: [],
  ...part,
});
const after = (...frames: ToBoard[]): { state: LiveState; resyncs: number } => {
  let state = nothingKnown;
  let resyncs = 0;
  for (const frame of frames) {
    const reduced = reduceLive(state, frame);
    state = reduced.state;
    if (reduced.resync) resyncs += 1;
  }
  return { state, resyncs };
};

describe('live picture', () => {
  it('takes a change in and renews only the ППЭ that it belongs to', () => {
    const before = after(snapshot).state;
    const { state } = reduceLive(
      before,
      delta(11, {
        changes: [[1, 40, 2, 0.9, 12]],
        flips: [
          {
            index: 1,
            reason: 'tooHigh',
            problems: [['pc.cpu', verdicts.indexOf('fail'), 'tooHigh']],
          },
        ],
      }),
    );
    expect(state.workstations[1]).toMatchObject({
      verdict: 'fail',
      reason: 'tooHigh',
      lastSeenMs: 2_960,
      values: [0.9, 12],
    });
    expect(state.sites.get('0001')).toBe(before.sites.get('0001'));
    expect(state.sites.get('0002')).not.toBe(before.sites.get('0002'));
    expect(before.workstations[1]?.verdict).toBe('ok');
  });

  it('takes in who is new, moved or gone', () => {
    const { state } = after(
      snapshot,
      delta(11, {
        added: rows(DELTA_MS, workstation(2, '0003'), workstation(0, '0002')),
        removed: [1],
      }),
    );
    expect([...state.sites].map(([code, each]) => [code, each.map((one) => one.index)])).toEqual([
      ['0002', [0]],
      ['0003', [2]],
    ]);
  });

  it.each([
    ['a gap', [snapshot, delta(12)], 1],
    ['a delta before any snapshot', [delta(1)], 1],
    ['an unknown workstation', [snapshot, delta(11, { changes: [[9, 0, 0, null, null]] })], 1],
    [
      'a beat of another number',
      [snapshot, { type: 'beat', seq: 11, serverTimeMs: 1, dataAgeMs: null, overview }],
      1,
    ],
    ['a delta that came late', [snapshot, delta(10)], 0],
  ] as [string, ToBoard[], number][])(
    'after %s asks for everything again %#',
    (_, frames, resyncs) => {
      expect(after(...frames).resyncs).toBe(resyncs);
    },
  );

  it('is the same as a snapshot would be, whatever changed on the way', () => {
    const change = fc.record({
      index: fc.nat(1),
      verdict: fc.nat(3),
      value: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const frames = changes.map(({ index, verdict, value }, at) =>
          delta(11 + at, { serverTimeMs: 5_000, changes: [[index, 100, verdict, value, null]] }),
        );
        const { state } = after(snapshot, ...frames);
        const direct = after({
          ...snapshot,
          seq: state.seq,
          serverTimeMs: state.serverTimeMs,
          dataAgeMs: state.dataAgeMs,
          workstations: rows(
            state.serverTimeMs,
            ...state.workstations.flatMap((each) => each ?? []),
          ),
        }).state;
        expect(direct).toEqual(state);
      }),
      { seed: 250 },
    );
  });
});

describe('incidents in the live picture', () => {
  const withOne = { ...snapshot, incidents: [incidentOf(1)], silences: [silenceOf()] };

  it('are those of the snapshot, then open, change and end', () => {
    const changed = incidentOf(1, { children: 20 });
    const { state } = after(
      withOne,
      delta(11, { incidents: [changed, incidentOf(2)] }),
      delta(12, { endedIncidents: [incidentOf(2, { resolvedAtMs: 3_000 })] }),
    );
    expect([...state.incidents]).toEqual([['i-1', changed]]);
    expect(state.endedIncidents.map(({ id }) => id)).toEqual(['i-2']);
  });

  it('and their silences are the same objects when nothing changed in them', () => {
    const before = after(withOne).state;
    const { state } = reduceLive(before, delta(11, { changes: [[0, 0, 0, 1, 2]] }));
    expect(state.incidents).toBe(before.incidents);
    expect(state.endedIncidents).toBe(before.endedIncidents);
    expect(state.silences).toBe(before.silences);
    const next = reduceLive(state, delta(12, { incidents: [incidentOf(2)] })).state;
    expect(next.incidents.get('i-1')).toBe(before.incidents.get('i-1'));
    expect(reduceLive(next, delta(13, { silences: [] })).state.silences).toEqual([]);
  });

  it('keeps the last that ended, the newest last, and forgets one that a snapshot has open', () => {
    const frames = Array.from({ length: ENDED_KEPT + 5 }, (_, at) =>
      delta(11 + at, { endedIncidents: [incidentOf(at + 1, { resolvedAtMs: 3_000 })] }),
    );
    const { state } = after(snapshot, ...frames);
    expect(state.endedIncidents).toHaveLength(ENDED_KEPT);
    expect(state.endedIncidents.at(-1)?.id).toBe('i-25');
    const again = reduceLive(state, { ...snapshot, incidents: [incidentOf(25)] }).state;
    expect(again.endedIncidents.at(-1)?.id).toBe('i-24');
  });
});

describe('freshness', () => {
  it.each([
    [null, null, 5_000, 'waiting'],
    [0, null, 3_000, 'live'],
    [0, null, 3_001, 'late'],
    [0, null, 15_001, 'stale'],
    [0, null, 45_001, 'lost'],
    [1_000, 1_000, 3_000, 'live'],
    [1_000, 1_000, 3_001, 'lost'],
  ] as const)(
    'last frame %s, closed %s, now %d is %s',
    (lastFrameMs, closedSinceMs, nowMs, expected) => {
      expect(freshnessOf({ lastFrameMs, closedSinceMs }, nowMs)).toBe(expected);
    },
  );
});

/** A browser's socket that a test plays. */
class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.fire('close', { code: 1000 });
  }
  fire(type: string, part: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), part));
  }
  frame(frame: unknown): void {
    this.fire('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
}

function client(part: Partial<LiveEnvironment> = {}) {
  const sockets: FakeSocket[] = [];
  const live = new LiveClient('http://127.0.0.1:8080', {
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    isSignedOut: async () => false,
    nowMs: () => 0,
    random: () => 0,
    ...part,
  });
  live.start();
  const socket = sockets[0] ?? new FakeSocket();
  socket.fire('open');
  return { live, sockets, socket };
}

describe('live client', () => {
  const hello = (build: string) => ({
    type: 'hello',
    protocol: 1,
    build,
    serverTimeMs: 1,
    tickMs: 250,
  });

  it('greets, keeps the last picture over a lost line and comes back', async () => {
    const { live, sockets, socket } = client();
    expect(socket.sent).toEqual(['{"type":"hello","protocol":1}']);
    socket.frame(hello('a'));
    socket.frame(snapshot);
    socket.fire('close', { code: 1006 });
    expect(live.state.workstations).toHaveLength(2);
    expect(live.line.closedSinceMs).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sockets).toHaveLength(2);
    live.stop();
  });

  it('passes over what it does not know or cannot read', () => {
    const { live, socket } = client();
    socket.frame(snapshot);
    for (const odd of [
      '{',
      'null',
      '{"type":"fireworks"}',
      '{"type":"delta"}',
      '{"type":"delta","seq":11,"changes":7}',
    ])
      socket.frame(odd);
    expect(live.state.seq).toBe(10);
    live.stop();
  });

  it('asks once for a resync, not with every frame that does not follow', () => {
    const { live, socket } = client();
    socket.frame(snapshot);
    for (let seq = 20; seq < 30; seq += 1) socket.frame(delta(seq));
    expect(socket.sent.filter((text) => text.includes('resync'))).toEqual([
      '{"type":"resync","haveSeq":10}',
    ]);
    live.stop();
  });

  it('says when the collector does not know this browser', async () => {
    const { live, socket } = client({ isSignedOut: async () => true });
    socket.fire('close', { code: 1006 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(live.line.isRefused).toBe(true);
    live.stop();
  });
});
