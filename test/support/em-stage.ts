import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EmDownload, EmProgress, EmStop } from '@ppe-pulse/protocol';
import { createLog } from '../../server/src/log.ts';
import { EmDownloads, type EmParts } from '../../server/src/em/em-downloads.ts';
import type { EmJob, EmOrder, EmPlace } from '../../server/src/em/em-job.ts';
import { createEmStore } from '../../server/src/em/em-store.ts';
import type { EmSession, LiveParts } from '../../server/src/em/live-download.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { tempDir } from './temp-dir.ts';

/** A key that signs the same text the same way, as Ed25519 does. */
export const emKey = { sign: (text: string): string => `signed ${text}` };

export const place = (siteCode: string, part: Partial<EmPlace> = {}): EmPlace => ({
  siteCode,
  municipality: 'kemerovo',
  isInvolved: true,
  contractBytesPerSecond: null,
  ...part,
});

/** An order with everything that a test does not care for. */
export const emOrder = (part: Partial<EmOrder> = {}): EmOrder => ({
  sites: 'involved',
  bytes: 1_000,
  seed: 7,
  source: 'collector',
  spreadMs: 0,
  maxBytesPerSecond: 0,
  giveUpAfterMs: 60_000,
  ...part,
});

export const emProgress = (job: EmJob, part: Partial<EmProgress> = {}): EmProgress => ({
  type: 'emProgress',
  downloadId: job.id,
  state: 'running',
  reason: 'running',
  receivedBytes: 0,
  tookMs: 0,
  retries: 0,
  ...part,
});

/** A frame and whom it went to. */
export interface SentFrame {
  readonly to: string;
  readonly frame: EmDownload | EmStop;
}

/** Sessions by hand and a real database: what rehearsals stand on. */
export class EmStage {
  readonly sent: SentFrame[] = [];
  readonly sessions = new Map<string, EmSession>();
  readonly stations = new Map<string, readonly string[]>();
  readonly lines = new Map<string, number>();
  places: EmPlace[] = [];
  nowMs = Date.parse('2024-05-14T08:00:00+07:00');
  localTime = '08:00';
  readonly #database: StateDatabase;

  constructor() {
    this.#database = openState(join(tempDir(), 'state.sqlite'));
    onTestFinished(() => this.#database.close());
  }

  get liveParts(): LiveParts {
    return {
      store: createEmStore(this.#database),
      log: createLog('silent'),
      key: emKey,
      stations: () => this.stations,
      sessions: () => this.sessions,
      send: (to, frame) => void this.sent.push({ to, frame }),
    };
  }

  get parts(): EmParts {
    return {
      ...this.liveParts,
      clock: { wallMs: () => this.nowMs, monotonicMs: () => performance.now() },
      options: { maxBytesPerSecond: 0, concurrent: 10 },
      places: () => this.places,
      closedHours: () => ({ closedFrom: '09:15', closedTo: '10:30' }),
      localTime: () => this.localTime,
      lines: () => this.lines,
    };
  }

  /** A collector's rehearsals; closed with the test, or by a restart of it. */
  open(part: Partial<EmParts> = {}): EmDownloads {
    const downloads = new EmDownloads({ ...this.parts, ...part });
    onTestFinished(() => downloads.close());
    return downloads;
  }

  /** A ППЭ whose Штаб has these stations; the first is heard. */
  site(siteCode: string, ...stations: string[]): void {
    this.places.push(place(siteCode));
    this.stations.set(siteCode, stations);
    if (stations[0] !== undefined) this.join(stations[0]);
  }

  /** A station connects; its session is another one every time. */
  join(workstationId: string, over = workstationId): void {
    this.sessions.set(workstationId, {
      workstationId: over,
      can: (capability) => capability === 'emDownload',
    });
  }

  orders(): (SentFrame & { frame: EmDownload })[] {
    return this.sent.filter(
      (each): each is SentFrame & { frame: EmDownload } => each.frame.type === 'emDownload',
    );
  }

  stops(): string[] {
    return this.sent.filter(({ frame }) => frame.type === 'emStop').map(({ to }) => to);
  }
}
