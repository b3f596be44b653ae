import type { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import {
  LiveFeed,
  limits,
  noIncidents,
  nothingKnown,
  overviewOf,
  reduceLive,
  unheard,
  type CheckVerdict,
  type Incident,
  type LiveState,
  type PlayedDay,
  type ToBoard,
} from '@ppe-pulse/protocol';
import { createLog } from '../../server/src/log.ts';
import { createReplay, type ReplayRoom } from '../../server/src/replay/create-replay.ts';
import { beat, check, foldHeartbeat, fresh, placement } from './beats.ts';
import { incidentOf } from './board-page.ts';
import { REHEARSAL_MS, workstationId } from './rows.ts';
import { tempDir } from './temp-dir.ts';

const DISK = { days: 14, diskBudgetBytes: 5_000_000_000 };

/** What a board that looked knew after a frame. */
export interface Seen {
  readonly atMs: number;
  readonly state: LiveState;
}

export interface FilmStageOptions {
  readonly dataDir?: string;
  readonly policy?: typeof DISK;
  readonly day?: PlayedDay | null;
  readonly open?: (path: string) => Writable;
  readonly startMs?: number;
}

/**
 * A collector's feed on a clock that the test turns, the film of it, and a board that is there from the
 * first frame on: what it knew is what a replay must show.
 */
export class FilmStage {
  readonly dataDir: string;
  readonly seen: Seen[] = [];
  readonly room: ReplayRoom;
  wallMs: number;
  readonly #feed: LiveFeed;
  readonly #states = new Map(
    Array.from({ length: 5 }, (_, at) => [
      workstationId(at + 1),
      unheard(workstationId(at + 1), placement),
    ]),
  );
  readonly #open = new Map<string, Incident>();
  readonly #numbers = new Set<number>();
  #board: LiveState = nothingKnown;
  #seq = 0;
  #sinceBeatMs: number = limits.boardBeatMs;

  constructor(options: FilmStageOptions = {}) {
    this.wallMs = options.startMs ?? REHEARSAL_MS;
    this.dataDir = options.dataDir ?? tempDir();
    const { open } = options;
    this.room = createReplay({
      clock: { wallMs: () => this.wallMs, monotonicMs: () => this.wallMs },
      log: createLog('silent'),
      dataDir: this.dataDir,
      policy: options.policy ?? DISK,
      day: () => options.day ?? null,
      ...(open && { open }),
    });
    this.#feed = new LiveFeed({
      all: () => this.#states.values(),
      overview: () => this.#overview(),
      sites: () => [],
      municipalities: () => [],
      incidents: () => ({ open: [...this.#open.values()], silences: [] }),
      wallMs: () => this.wallMs,
      dataAgeMs: () => 1,
    });
    this.#look(this.#feed.snapshot());
    onTestFinished(() => this.room.close());
  }

  get folder(): string {
    return `${this.dataDir}/replay`;
  }

  /** The moment of the last frames. */
  get lastMs(): number {
    return this.wallMs - 1;
  }

  /** A workstation is heard. */
  hear(index: number, verdict: CheckVerdict['verdict']): void {
    const id = workstationId((index % 5) + 1);
    this.#seq += 1;
    const state = foldHeartbeat(
      this.#states.get(id) ?? fresh,
      beat(this.#seq, {
        workstationId: id,
        takenAtMs: this.wallMs - 3,
        verdicts: [check('net.rtt', verdict)],
      }),
    );
    this.#states.set(id, state);
    this.#feed.change(state);
  }

  openIncident(number: number): void {
    // A number is given once and never again.
    if (this.#numbers.has(number)) return;
    this.#numbers.add(number);
    const incident = incidentOf(number, { openedAtMs: this.wallMs });
    this.#open.set(incident.id, incident);
    this.#feed.changeIncident(incident);
  }

  endIncident(number: number): void {
    const incident = this.#open.get(`i-${number}`);
    if (!incident) return;
    this.#open.delete(incident.id);
    this.#feed.changeIncident({ ...incident, resolvedAtMs: this.wallMs, resolution: 'healed' });
  }

  /** One tick of the collector as `live.ts` makes it; four of them make a beat. */
  tick(): void {
    this.wallMs += limits.boardTickMs - 1;
    this.#frames();
    // Of this millisecond nothing more comes.
    this.wallMs += 1;
  }

  #frames(): void {
    this.#send(this.#feed.nextDelta(true));
    this.#sinceBeatMs += limits.boardTickMs;
    if (this.#sinceBeatMs < limits.boardBeatMs) return;
    this.#sinceBeatMs = 0;
    this.#send(this.#feed.nextBeat(true));
    if (!this.room.tape.wantsKeyFrame()) return;
    this.#send(this.#feed.nextDelta(true));
    this.room.tape.begin(this.#feed.snapshot());
  }

  ticks(count: number): void {
    for (let at = 0; at < count; at += 1) this.tick();
  }

  #send(frame: string | undefined): void {
    if (frame === undefined) return;
    this.room.tape.take(frame);
    this.#look(frame);
  }

  #look(frame: string): void {
    const { state, resync } = reduceLive(this.#board, JSON.parse(frame) as ToBoard);
    if (resync) throw new Error('the board of the stage lost the thread');
    this.#board = state;
    const last = this.seen.at(-1);
    // Frames of one moment are one picture.
    if (last?.atMs === this.wallMs) this.seen.pop();
    this.seen.push({ atMs: this.wallMs, state });
  }

  #overview() {
    const overview = overviewOf([], {
      nowMs: this.wallMs,
      dataAgeMs: null,
      heartbeatsPerSecond: this.#seq % 7,
      backlog: 0,
      warnings: [],
      incidents: { ...noIncidents, open: this.#open.size },
      rehearsal: null,
      planEditing: null,
    });
    return overview;
  }
}
