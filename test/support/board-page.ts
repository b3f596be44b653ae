import { configure, render, type RenderResult } from '@testing-library/react';
import { createElement } from 'react';
import { vi } from 'vitest';
import {
  siteRow,
  trendRows,
  workstationRow,
  type Delta,
  type Incident,
  type LiveSilence,
  type LiveSite,
  type LiveWorkstation,
  type Overview,
  type Snapshot,
  type Trend,
} from '@ppe-pulse/protocol';
import './board-parts.ts';
import { App } from '../../board/src/App.tsx';
import { LiveClient } from '../../board/src/live/live-client.ts';
import { SessionSource } from '../../board/src/session/session-source.ts';
import { plainIncident } from './plain-incident.ts';
import { workstationId } from './rows.ts';

// Pages are loaded when they are asked for: on a busy machine that alone takes longer than a second.
configure({ asyncUtilTimeout: 10_000 });

/** 15 May 2024, 09:36 in Kuzbass: keys have come, printing is next. */
export const BOARD_MS = Date.parse('2024-05-15T09:36:00+07:00');
export const MINUTE_MS = 60_000;

/** A ППЭ that fell silent four minutes ago and that nobody took, changed by `part`. */
export function incidentOf(number: number, part: Partial<Incident> = {}): Incident {
  return plainIncident(number, BOARD_MS - 4 * MINUTE_MS, {
    node: 'site:4216',
    siteCode: '4216',
    municipality: 'kemerovo',
    children: 14,
    peakChildren: 14,
    siteCodes: ['4216'],
    ...part,
  });
}

export function silenceOf(part: Partial<LiveSilence> = {}): LiveSilence {
  return {
    id: 's-1',
    kind: 'silence',
    node: 'site:4216',
    checkId: 'heartbeat',
    fromMs: BOARD_MS - 5 * MINUTE_MS,
    toMs: BOARD_MS + 54 * MINUTE_MS,
    createdBy: 'duty',
    createdAtMs: BOARD_MS - 5 * MINUTE_MS,
    comment: 'меняют роутер',
    covers: 1,
    ...part,
  };
}

/** Cameras of a region that has none. */
export const noCameras = {
  planned: 0,
  on: 0,
  off: 0,
  byRule: 0,
  darkRooms: 0,
  darkRoomsOver5Minutes: 0,
  darkRoomsOver15Minutes: 0,
  darkRoomsOver20Minutes: 0,
};

const noVerdicts = { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 };

export function overviewOf(part: Partial<Overview> = {}): Overview {
  return {
    at: new Date(BOARD_MS).toISOString(),
    dataAgeMs: 0,
    workstations: {
      planned: 1,
      seen: 1,
      notYetHeard: 0,
      unplanned: 0,
      simulated: 0,
      byVerdict: { ...noVerdicts, unknown: 1 },
    },
    sites: { total: 1, involved: 1, byVerdict: { ...noVerdicts, unknown: 1 } },
    stages: [],
    cameras: noCameras,
    throughput: { rxBytesPerSecond: 0, txBytesPerSecond: 0, stations: 0 },
    incidents: { open: 0, critical: 0, untaken: 0, oldestUntakenAtMs: null, silenced: 0 },
    ingest: { heartbeatsPerSecond: 0.2, backlog: 0 },
    warnings: [],
    ...part,
  };
}

export function siteOf(code: string, municipality = 'Кемерово', slug = 'kemerovo'): LiveSite {
  return {
    code,
    kind: 'ppe',
    name: `Школа ${code} (пример)`,
    municipality,
    municipalitySlug: slug,
    timeZone: 'Asia/Novokuznetsk',
    isInvolved: true,
    planned: 1,
    notYetHeard: 0,
    unplanned: 0,
    met: 0,
    conditions: 0,
    readiness: 'ok',
    stages: [],
    rooms: [],
  };
}

/** What a snapshot tells, as boards hold it. */
export type Told = Omit<Snapshot, 'workstations' | 'sites' | 'trend'> & {
  readonly workstations: readonly LiveWorkstation[];
  readonly sites: readonly LiveSite[];
  readonly trend: Trend;
};

/** A workstation of ППЭ 4216, silent for four minutes. */
export function silentWorkstation(): LiveWorkstation {
  return {
    index: 0,
    id: workstationId(1),
    placement: {
      siteCode: '4216',
      roomCode: '0012',
      role: 'organizer',
      duty: 'main',
      simulated: false,
    },
    verdict: 'unknown',
    reason: 'silent',
    lastSeenMs: BOARD_MS - 4 * MINUTE_MS,
    problems: [{ id: 'heartbeat', verdict: 'unknown', reason: 'silent' }],
    values: [],
  };
}

/** Everything as of frame 1: one silent workstation in ППЭ 4216. */
export function snapshotOf(part: Partial<Told> = {}): Snapshot {
  const told: Told = {
    type: 'snapshot',
    seq: 1,
    serverTimeMs: BOARD_MS,
    dataAgeMs: 0,
    overview: overviewOf(),
    columns: [],
    workstations: [silentWorkstation()],
    sites: [siteOf('4216')],
    municipalities: [],
    trend: { everyMs: 15_000, points: [] },
    incidents: [],
    silences: [],
    ...part,
  };
  return {
    ...told,
    workstations: told.workstations.map((each) => workstationRow(each, told.serverTimeMs)),
    sites: told.sites.map(siteRow),
    trend: trendRows(told.trend),
  };
}

/** What a page asked of the API. */
export interface AskedApi {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** An answer of the API: a status of its own, or 200. */
export type ApiReply = { readonly status: number; readonly body: unknown } | object;

/**
 * Answers the page's requests in the collector's place. `answer` gets method and path without query;
 * what it does not know is an empty list. Returns what was asked, newest last.
 */
export function fakeApi(answer: (request: AskedApi) => ApiReply | undefined): AskedApi[] {
  const asked: AskedApi[] = [];
  vi.stubGlobal('fetch', async (url: string, request: RequestInit = {}) => {
    const text = typeof request.body === 'string' ? request.body : '{}';
    const one: AskedApi = {
      method: request.method ?? 'GET',
      path: url,
      body: JSON.parse(text) as Record<string, unknown>,
    };
    asked.push(one);
    const reply = answer(one) ?? { items: [] };
    const isRefusal = 'status' in reply && typeof reply.status === 'number' && 'body' in reply;
    return new Response(JSON.stringify(isRefusal ? reply.body : reply), {
      status: isRefusal ? reply.status : 200,
    });
  });
  return asked;
}

class FakeSocket extends EventTarget {
  send(): void {
    // What the page says on the socket is tested elsewhere.
  }
  close(): void {
    // Closed by the test's end.
  }
}

/** The board at an address with a picture; `tell` sends it more frames. */
export function openBoard(path: string, ...frames: object[]): OpenedBoard {
  return openBoardOf(undefined, path, frames);
}

interface OpenedBoard extends RenderResult {
  readonly tell: (frame: object) => void;
}

function openBoardOf(
  session: SessionSource | undefined,
  path: string,
  frames: readonly object[],
): OpenedBoard {
  history.pushState({}, '', path);
  const socket = new FakeSocket();
  const live = new LiveClient('http://127.0.0.1', {
    open: () => socket as unknown as WebSocket,
    isSignedOut: async () => false,
    nowMs: () => performance.now(),
    random: () => 0,
  });
  live.start();
  const tell = (frame: object): void => {
    const data = JSON.stringify(frame);
    socket.dispatchEvent(Object.assign(new Event('message'), { data }));
  };
  tell({ type: 'hello', protocol: 1, build: 'x', serverTimeMs: BOARD_MS, tickMs: 250 });
  for (const frame of frames) tell(frame);
  return { ...render(createElement(App, { live, ...(session && { session }) })), tell };
}

/** The same for whoever `GET /api/v1/session` of the faked API says. */
export function openBoardAs(path: string, ...frames: object[]): OpenedBoard {
  const session = new SessionSource();
  void session.isSignedOut();
  return openBoardOf(session, path, frames);
}

/** What a delta tells, as boards hold it. */
type ToldDelta = Omit<Delta, 'added' | 'sites'> & {
  readonly added: readonly LiveWorkstation[];
  readonly sites: readonly LiveSite[];
};

/** A delta of frame `seq` that changes nothing but `part`. */
export function deltaOf(seq: number, part: Partial<ToldDelta>): Delta {
  const { added = [], sites = [], ...rest } = part;
  const serverTimeMs = part.serverTimeMs ?? BOARD_MS + 1_000;
  return {
    type: 'delta',
    seq,
    dataAgeMs: 0,
    changes: [],
    flips: [],
    removedSites: [],
    municipalities: null,
    incidents: [],
    endedIncidents: [],
    silences: null,
    removed: [],
    ...rest,
    serverTimeMs,
    added: added.map((each) => workstationRow(each, serverTimeMs)),
    sites: sites.map(siteRow),
  };
}
