/** The film of the board: what it costs the collector and the disk, and how fast it is looked at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LiveFeed,
  foldHeartbeat,
  noIncidents,
  overviewOf,
  unheard,
} from '../../protocol/dist/index.js';
import { createReplay } from '../../server/dist/replay/create-replay.js';
import { percentile, row } from './bench.mjs';
import { heartbeat, workstation } from './workstations.mjs';

const STATIONS = 3_000;
const CHANGES_PER_SECOND = 600;
const TICKS = 4;
const TICK_MS = 1_000 / TICKS;
const WALL_MS = Date.parse('2024-05-15T02:42:00Z');
const SEED = 8;

export async function run({ short }) {
  const seconds = short ? 60 : 600;
  // The first minute of a program is slower than all that follow.
  for (const isTaped of [false, true]) await film(20, isTaped);
  const bare = await film(seconds, false);
  const filmed = await film(seconds, true);
  const perSecond = (ms) => ms / seconds;
  const cpuMs = perSecond(filmed.cpuMs - bare.cpuMs);
  const what = `${STATIONS} workstations, ${CHANGES_PER_SECOND} changes/s`;
  return [
    row(`on the disk: ${what}`, filmed.bytes / seconds / 1_000, 'kB/s', {
      atMost: 15,
      note: `${((filmed.bytes / seconds) * 86.4e-6 * 1_000).toFixed(0)} MB a day`,
    }),
    row('frames before they are compressed', filmed.told / seconds / 1_000, 'kB/s'),
    row('compressed to', filmed.bytes / filmed.told, 'of it', { atMost: 0.5 }),
    row('feed without a film: CPU', perSecond(bare.cpuMs), 'ms a second'),
    row('film beside it: CPU of all threads', cpuMs, 'ms a second', { atMost: 50 }),
    row('key frame: the collector stands still for', percentile(filmed.keyMs, 1), 'ms', {
      atMost: 250,
    }),
    row('a moment is shown after: p50', percentile(filmed.momentMs, 0.5), 'ms'),
    row('a moment is shown after: the worst', percentile(filmed.momentMs, 1), 'ms', {
      atMost: 2_000,
    }),
    row('meanwhile the collector stands still for', filmed.stallMs, 'ms', { atMost: 250 }),
    row('a minute of frames is read in', filmed.minuteMs, 'ms', { atMost: 1_000 }),
  ];
}

/** So many seconds of a day, as fast as they go; with a tape or with nobody who listens but a board. */
async function film(seconds, isTaped) {
  const dataDir = mkdtempSync(join(tmpdir(), 'ppe-bench-'));
  let wallMs = WALL_MS;
  const room = createReplay({
    clock: { wallMs: () => wallMs, monotonicMs: () => wallMs },
    log: { info() {}, warn() {}, error() {} },
    dataDir,
    policy: { days: 14, diskBudgetBytes: 5e9 },
    day: () => null,
  });
  await room.ready;
  const stage = new Region(() => wallMs);
  const keyMs = [];
  let told = 0;
  let cpuMs = 0;
  for (let tick = 0; tick < seconds * TICKS; tick += 1) {
    wallMs += TICK_MS;
    const before = process.cpuUsage();
    stage.change(CHANGES_PER_SECOND / TICKS);
    const frames = [stage.feed.nextDelta(true)];
    if (tick % TICKS === 0) frames.push(stage.feed.nextBeat(true));
    if (isTaped) {
      for (const frame of frames) room.tape.take(frame);
      if (tick % TICKS === 0 && room.tape.wantsKeyFrame()) {
        const from = performance.now();
        room.tape.begin(stage.feed.snapshot());
        keyMs.push(performance.now() - from);
      }
    }
    for (const frame of frames) told += frame.length;
    // The threads that compress are waited for: in a second of the day they have their time.
    if (tick % 40 === 0) await room.replay.spans();
    const used = process.cpuUsage(before);
    cpuMs += (used.user + used.system) / 1_000;
  }
  wallMs += 1;
  const looked = isTaped ? await look(room, wallMs - 1 - seconds * 1_000, wallMs) : {};
  const bytes = (await room.replay.spans()).bytesOnDisk;
  await room.close();
  rmSync(dataDir, { recursive: true, force: true });
  return { bytes, told, cpuMs, keyMs, ...looked };
}

async function look(room, fromMs, toMs) {
  const momentMs = [];
  let stallMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    stallMs = Math.max(stallMs, performance.now() - last);
    last = performance.now();
  }, 1);
  for (let at = 1; at <= 12; at += 1) {
    const from = performance.now();
    const atMs = Math.round(fromMs + 2_000 + ((toMs - fromMs - 3_000) * at) / 12);
    const outcome = await room.replay.momentAt(atMs);
    if (outcome.kind !== 'done') throw new Error(outcome.reason);
    momentMs.push(performance.now() - from);
  }
  const from = performance.now();
  const frames = await room.replay.framesBetween(toMs - 61_000, toMs - 1_000);
  if (frames.kind !== 'done') throw new Error(frames.reason);
  clearInterval(timer);
  return { momentMs, stallMs, minuteMs: performance.now() - from };
}

/** Workstations that are heard one after the other; one of fifty changes its verdict. */
class Region {
  #next = 0;
  #random = SEED;
  #seq = 0;

  constructor(wallMs) {
    this.wallMs = wallMs;
    this.states = Array.from({ length: STATIONS }, (_, at) => {
      const { id, placement } = workstation(at);
      return unheard(id, placement);
    });
    this.feed = new LiveFeed({
      all: () => this.states,
      overview: () =>
        overviewOf(this.states, {
          nowMs: wallMs(),
          dataAgeMs: 20,
          heartbeatsPerSecond: 580 + this.#roll(40),
          backlog: this.#roll(300),
          warnings: [],
          incidents: noIncidents,
          rehearsal: null,
          planEditing: null,
        }),
      sites: () => [],
      municipalities: () => [],
      incidents: () => ({ open: [], silences: [] }),
      wallMs,
      dataAgeMs: () => 20,
    });
    this.feed.snapshot();
  }

  change(count) {
    for (let at = 0; at < count; at += 1) {
      const index = this.#next++ % STATIONS;
      this.#seq += 1;
      const said = heartbeat('00000000000000b1', this.#seq, this.wallMs());
      const noise = 0.8 + this.#roll(400) / 1_000;
      const metrics = Object.fromEntries(
        Object.entries(said.metrics).map(([id, value]) => [id, rounded(value * noise)]),
      );
      const verdict = this.#roll(50) === 0 ? 'warn' : 'ok';
      const verdicts = said.verdicts.map((each, number) =>
        number === 0 ? { ...each, verdict, reason: verdict === 'ok' ? 'ok' : 'slowReply' } : each,
      );
      const state = foldHeartbeat(
        this.states[index],
        {
          ...said,
          ...taken(this.states[index].id, this.wallMs() - this.#roll(250)),
          metrics,
          verdicts,
        },
        this.wallMs(),
      );
      this.states[index] = state;
      this.feed.change(state);
    }
  }

  /** xorshift: the same film at every run. */
  #roll(below) {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) % below;
  }
}

function rounded(value) {
  return Math.abs(value) < 10 ? Math.round(value * 1_000) / 1_000 : Math.round(value);
}

function taken(workstationId, takenAtMs) {
  return {
    workstationId,
    relayId: null,
    atMs: takenAtMs,
    takenAtMs,
    takenMonotonicMs: takenAtMs,
    clockOffsetMs: 0,
    intervalMs: 5_000,
    agentVersion: '0.1.0',
    inventory: {
      platform: 'linux',
      arch: 'x64',
      osRelease: '6',
      cpuCores: 2,
      ramBytes: 1,
      runtime: 'n',
    },
    journalDropped: 0,
    planVersion: null,
  };
}
