import { describe, expect, it } from 'vitest';
import { limits } from '@ppe-pulse/protocol';
import { between, unit } from '../../server/src/simulate/random.ts';
import { aPlan, aRegion } from '../support/plans.ts';
import { workstationId } from '../support/rows.ts';
import { BEAT_MS, FleetWorld, placedAt, type Pc, type Reading } from './fleet-world.ts';
import { MINUTE_MS, NINE_MS } from './incident-world.ts';

/** A morning's worth of what goes on, in minutes. */
const MINUTES = 10;
const SITES = ['0042', '4216'];
/** The first of a site is its Штаб and relay, heard by its own line. */
const PCS_PER_SITE = 6;
/** Heartbeats come late by up to so much: less than six periods lie between two of them. */
const LATE_MS = 4 * BEAT_MS;
/** Agents call a line half-open from so long a silence on, and connect anew. */
const HALF_OPEN_MS = 15_000;
/** A handshake that failed, and the longest back-off. */
const BACK_MS = limits.handshakeMs + limits.reconnectCapMs;
/** What is bad for a moment, or good to know: none of it is a call to make. */
const harmless: readonly Reading[] = [
  ['ok', 'ok'],
  ['ok', 'ok'],
  ['warn', 'high'],
  ['unknown', 'notMeasuredYet'],
];

/** A heartbeat on its way. */
interface OnItsWay {
  readonly dueMs: number;
  readonly producedMs: number;
  readonly pc: Pc;
  readonly seq: number;
  readonly bootId: string;
}

/** What happens to a collector on a seeded day; all of its workstations are well. */
class CalmDay {
  readonly world: FleetWorld;
  readonly #seed: number;
  #onTheirWay: OnItsWay[] = [];
  /** When each is to beat next, by the one clock that never steps. */
  readonly #nextMs = new Map<Pc, number>();
  /** No connection before: after a restart, or while a relay is away. */
  readonly #backMs = new Map<Pc, number>();
  /** Off for good once the day has begun. */
  #lost: Pc | undefined;
  /** Real time, over all restarts. */
  #realMs = 0;
  readonly happened = { restarts: 0, gaps: 0, reconnects: 0, reboots: 0, steps: 0, beats: 0 };

  constructor(seed: number) {
    this.#seed = seed;
    const placements = SITES.flatMap((site) =>
      Array.from({ length: PCS_PER_SITE }, (_, at) =>
        placedAt(site, at === 0 ? '7777' : String(at).padStart(4, '0')),
      ),
    );
    const [region, plan] = [aRegion(), aPlan()];
    // However the wall clock steps, it is not 09:30: the plan says nothing yet.
    const atMs = NINE_MS - 60 * MINUTE_MS;
    this.world = new FleetWorld({ region, plan, placements, atMs, isByHand: true });
    for (const pc of this.world.pcs)
      this.#nextMs.set(pc, this.#between(`first ${pc.number}`, 0, BEAT_MS));
  }

  /** Plays it, and one of them goes off after a minute; answers what was opened. */
  play(lost?: number): readonly string[] {
    for (let minute = 0; minute < MINUTES; minute += 1) {
      if (minute === 1 && lost !== undefined) this.#lost = this.world.pc(lost);
      const endMs = this.#realMs + MINUTE_MS;
      // All are heard once before anything happens.
      if (minute > 0) this.#disturb(minute);
      while (this.#realMs < endMs) this.#step();
      this.world.news();
    }
    return this.world.book
      .list({ state: 'all', limit: 100 })
      .map(({ kind, node }) => `${kind} ${node}`);
  }

  #disturb(minute: number): void {
    const dice = this.#unit(`minute ${minute}`);
    if (dice < 0.2) this.#restart(minute);
    else if (dice < 0.4) this.#freeze(minute);
    else if (dice < 0.6) this.#loseRelay(minute);
    else if (dice < 0.8) this.#reboot(minute);
    else {
      this.happened.steps += 1;
      this.world.clock.wallMs += this.#between(`wall ${minute}`, -5 * MINUTE_MS, 5 * MINUTE_MS);
    }
  }

  /** The collector is away; each comes back by its own back-off. */
  #restart(minute: number): void {
    this.happened.restarts += 1;
    const downMs = Math.round(this.#between(`down ${minute}`, 500, 2 * MINUTE_MS));
    this.world.restart(downMs);
    this.#realMs += downMs;
    // What was under way is lost with its connection; agents keep it and tell it as history.
    this.#onTheirWay = [];
    for (const pc of this.world.pcs) this.#away(pc, `back ${minute}`, BACK_MS);
  }

  /** The collector's process stands still, and then reads what lay in its buffers. */
  #freeze(minute: number): void {
    this.happened.gaps += 1;
    const frozenMs = Math.round(this.#between(`frozen ${minute}`, 1_000, 40_000) / 250) * 250;
    this.world.sleep(frozenMs);
    this.#realMs += frozenMs;
    this.#produce();
    for (const pc of this.world.pcs)
      if (frozenMs > HALF_OPEN_MS && this.#unit(`gives up ${minute} ${pc.number}`) < 0.5)
        this.#away(pc, `again ${minute}`, BACK_MS);
    // Timers run before sockets are read, or after.
    if (this.#unit(`order ${minute}`) < 0.5) this.world.look();
  }

  /** A relay's line breaks for less than six periods; its members' heartbeats wait with it. */
  #loseRelay(minute: number): void {
    this.happened.reconnects += 1;
    const first = this.#unit(`relay ${minute}`) < 0.5 ? 0 : PCS_PER_SITE;
    const pcs = this.world.pcs.slice(first, first + PCS_PER_SITE);
    const backMs = this.#realMs + this.#between(`relay back ${minute}`, 1_000, LATE_MS - BEAT_MS);
    for (const pc of pcs) this.#backMs.set(pc, backMs);
  }

  /** One says that it goes, and is there again within the minute as another boot. */
  #reboot(minute: number): void {
    this.happened.reboots += 1;
    const at = Math.floor(this.#unit(`reboot ${minute}`) * this.world.pcs.length);
    const pc = this.world.pcs[at];
    if (!pc || pc === this.#lost) return;
    this.#onTheirWay = this.#onTheirWay.filter((each) => each.pc !== pc);
    const goodbye = { type: 'goodbye', reason: 'restart', expectedReturnMs: MINUTE_MS } as const;
    this.world.fleet.leave(workstationId(pc.number), goodbye, this.world.now());
    pc.bootId = `00000000000000${String(minute + 10)}`;
    pc.seq = 0;
    this.#away(pc, `boot ${minute}`, MINUTE_MS);
  }

  #step(): void {
    this.world.sleep(250);
    this.#realMs += 250;
    this.#produce();
    this.#deliver();
    this.world.look();
  }

  /** Beats that are due, each late by its own. */
  #produce(): void {
    for (const pc of this.world.pcs) {
      if (pc === this.#lost) continue;
      let atMs = this.#nextMs.get(pc) ?? 0;
      for (; atMs <= this.#realMs; atMs += BEAT_MS) {
        pc.seq += 1;
        const lateMs = this.#between(`late ${pc.number} ${pc.seq}`, 0, LATE_MS);
        const dueMs = atMs + (this.#unit(`is late ${pc.number} ${pc.seq}`) < 0.3 ? lateMs : 50);
        const { seq, bootId } = pc;
        this.#onTheirWay.push({ dueMs, producedMs: atMs, pc, seq, bootId });
      }
      this.#nextMs.set(pc, atMs);
    }
  }

  #deliver(): void {
    const arrived = this.#onTheirWay.filter(
      ({ dueMs, pc }) => Math.max(dueMs, this.#backMs.get(pc) ?? 0) <= this.#realMs,
    );
    if (arrived.length === 0) return;
    this.#onTheirWay = this.#onTheirWay.filter((each) => !arrived.includes(each));
    for (const { producedMs, pc, seq, bootId } of arrived.sort((a, b) => a.seq - b.seq)) {
      this.happened.beats += 1;
      const { wallMs } = this.world.clock;
      const relay = this.world.pcs[pc.number <= PCS_PER_SITE ? 0 : PCS_PER_SITE];
      pc.readings.set('net.rtt', this.#reading(`${pc.number} ${seq}`));
      this.world.take(pc, {
        seq,
        bootId,
        atMs: wallMs - (this.#realMs - producedMs),
        relayId: relay && relay !== pc ? workstationId(relay.number) : null,
      });
    }
  }

  /** Not heard before some moment within `withinMs`; what it says until then is history. */
  #away(pc: Pc, name: string, withinMs: number): void {
    const backMs = this.#realMs + this.#between(`${name} ${pc.number}`, 200, withinMs);
    this.#backMs.set(pc, backMs);
    this.#nextMs.set(pc, backMs);
  }

  #reading(name: string): Reading {
    return harmless[Math.floor(this.#unit(`reading ${name}`) * harmless.length)] ?? ['ok', 'ok'];
  }

  #unit(name: string): number {
    return unit(this.#seed, name);
  }

  #between(name: string, from: number, to: number): number {
    return between(this.#seed, name, [from, to]);
  }
}

describe('the quiet time of an exam', () => {
  it('is silence by rule from its first minute to its last, over a restart, and nobody is missed', () => {
    const exam = {
      subject: 'russian',
      kind: 'written',
      durationMinutes: 45,
      startAt: '10:00',
    } as const;
    const placements = SITES.flatMap((site) =>
      ['7777', '0001', '0002', '0003'].map((room) => placedAt(site, room)),
    );
    const plan = aPlan({ exams: [exam] });
    const atMs = NINE_MS + 28 * MINUTE_MS;
    const world = new FleetWorld({ region: aRegion(), plan, placements, atMs });
    const rooms = world.pcs.filter(({ placement }) => placement.role === 'organizer');
    world.pass(MINUTE_MS + 45_000);
    for (const pc of rooms) {
      pc.isSilent = true;
      // One of the sites is cut off before anybody could say goodbye.
      const goodbye = { type: 'goodbye', reason: 'stageOffline' } as const;
      if (pc.placement.siteCode === SITES[0])
        world.fleet.leave(workstationId(pc.number), goodbye, world.now());
    }
    world.pass(30 * MINUTE_MS);
    world.restart(MINUTE_MS);
    // 10:45 is the end; then each comes back by its back-off, within two minutes.
    world.pass(10_000 + NINE_MS + 105 * MINUTE_MS - world.clock.wallMs);
    for (const [at, pc] of rooms.entries()) {
      world.pass(15_000);
      pc.isSilent = false;
      if (at === 0) pc.bootId = '00000000000000b2';
    }
    world.pass(5 * MINUTE_MS);
    expect(world.book.list({ state: 'all', limit: 10 })).toEqual([]);
    // Whoever does not come back is missed.
    world.silence(true, 4);
    world.pass(2 * MINUTE_MS);
    expect(world.lines()).toMatchObject([expect.stringContaining(workstationId(4))]);
  });
});

describe('a day on which nothing is wrong', () => {
  it('has no incident: late heartbeats, restarts, stand-stills, lost relays, a clock that steps', () => {
    const total = { restarts: 0, gaps: 0, reconnects: 0, reboots: 0, steps: 0, beats: 0 };
    for (let seed = 1; seed <= 6; seed += 1) {
      const day = new CalmDay(seed);
      expect([`seed ${seed}`, ...day.play()]).toEqual([`seed ${seed}`]);
      for (const key of Object.keys(total) as (keyof typeof total)[])
        total[key] += day.happened[key];
    }
    // Each of it happened, else nothing was shown.
    const { restarts, gaps, reconnects, reboots, steps } = total;
    expect(Math.min(restarts, gaps, reconnects, reboots, steps)).toBeGreaterThan(5);
    expect(total.beats).toBeGreaterThan(5_000);
  });

  it('but for one workstation that is lost: it is told of once, whatever happens around it', () => {
    for (let seed = 11; seed <= 13; seed += 1) {
      const told = new CalmDay(seed).play(4);
      expect([seed, told]).toEqual([seed, [`heartbeat station:${workstationId(4)}`]]);
    }
  });
});
