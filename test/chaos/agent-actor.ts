import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Journal } from '../../agent/src/journal/journal.ts';
import { readStatus, type AgentStatus } from '../../agent/src/status-file.ts';
import { commands } from '../support/processes.ts';
import { Actor } from './actor.ts';
import type { OwnClock } from './clock.ts';
import type { SmallDisk } from './disk.ts';
import type { BeatName, OwnFault } from './evidence.ts';
import type { Keeper } from './keeper.ts';
import type { AgentFault } from './plan.ts';
import type { Tap } from './tap.ts';

/** How an agent of a run is made. */
export interface AgentSpec {
  readonly name: string;
  readonly folder: string;
  readonly tap: Tap;
  readonly disk: SmallDisk | undefined;
  readonly clock: OwnClock | undefined;
  /** Key of who is at the far end of its link, which it pins. */
  readonly pinnedKey: string;
  /** It is the relay of its ППЭ. */
  readonly isRelay: boolean;
  readonly keeper: Keeper;
  readonly onOwnEnd: (name: string, code: number | null) => void;
}

/** What is left in a journal at the end, its own or the spool of a member. */
export interface Leftover {
  readonly workstation: string;
  readonly held: readonly BeatName[];
  readonly dropped: number;
}

/** A start of the process; which boot it was is learned from its status file. */
interface Start {
  readonly pid: number;
  readonly fromMs: number;
  untilMs: number;
  boot?: string;
}

/** A service manager starts one that ended by itself again after this. */
const RESTART_AFTER_MS = 1_000;
/** Longest journal of the configuration that a small disk holds. */
const JOURNAL_BYTES = 1_000_000;
/** Whoever only looks into a journal must not make it drop anything. */
const ANY_BYTES = 1e12;
const ANY_AGE_MS = 1e12;

/** One workstation's agent with its link, its disk and its clock. */
export class AgentActor {
  readonly name: string;
  readonly tap: Tap;
  readonly disk: SmallDisk | undefined;
  readonly clock: OwnClock | undefined;
  readonly faults: OwnFault[] = [];
  /** Agents that are heard through this one: what cuts it off cuts them off. */
  readonly members: AgentActor[] = [];
  readonly #actor: Actor;
  readonly #spec: AgentSpec;
  readonly #starts: Start[] = [];
  #id = '';
  #publicKey = '';
  #restartTimer: NodeJS.Timeout | undefined;
  #suffering: Promise<void> = Promise.resolve();

  constructor(spec: AgentSpec) {
    const { name, folder, tap, disk, clock, keeper, isRelay } = spec;
    this.#spec = spec;
    this.name = name;
    this.tap = tap;
    this.disk = disk;
    this.clock = clock;
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.#config, JSON.stringify(this.#settings()));
    this.#actor = new Actor({
      name,
      command: process.execPath,
      args: [commands.agent, 'run', '--config', this.#config, ...(isRelay ? ['--relay'] : [])],
      env: { ...clock?.env },
      keeper,
      logPath: join(folder, '..', `${name}.log`),
      onOwnEnd: (code) => this.#endedByItself(code),
    });
  }

  get id(): string {
    return this.#id;
  }

  get publicKey(): string {
    return this.#publicKey;
  }

  get dataDir(): string {
    return this.disk?.path ?? join(this.#spec.folder, 'data');
  }

  get hungStops(): number {
    return this.#actor.hungStops;
  }

  /** Makes its key, as an installer does. */
  async identify(): Promise<void> {
    const args = [commands.agent, 'identity', '--json', '--config', this.#config];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { agentId, publicKey } = JSON.parse(stdout) as { agentId: string; publicKey: string };
    this.#id = agentId;
    this.#publicKey = publicKey;
  }

  start(): void {
    this.#actor.start();
    const pid = this.#actor.pid ?? 0;
    this.#starts.push({ pid, fromMs: Date.now(), untilMs: Number.POSITIVE_INFINITY });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#restartTimer);
    await this.#actor.stop();
    this.#noteEnd();
  }

  /**
   * Kills or restarts it, or stops its process; it runs again when `healed` resolves. One after the
   * other: the next waits until it runs.
   */
  suffer(what: AgentFault, healed: Promise<void>): Promise<void> {
    this.#suffering = this.#suffering.then(() => this.#suffer(what, healed));
    return this.#suffering;
  }

  async #suffer(what: AgentFault, healed: Promise<void>): Promise<void> {
    const ended = this.noteFault(what);
    clearTimeout(this.#restartTimer);
    if (what === 'agentStop') this.#actor.pause();
    else if (what === 'agentKill') await this.#actor.kill();
    else await this.#actor.stop();
    await healed;
    if (what === 'agentStop') this.#actor.resume();
    if (!this.#actor.isRunning) {
      this.#noteEnd();
      this.start();
    }
    ended();
  }

  /** Notes that it cannot be heard from now on; answers what to call when it can. */
  noteFault(what: string): () => void {
    const fromMs = Date.now();
    return () => {
      for (const each of [this, ...this.members])
        each.faults.push({ workstation: each.id, what, fromMs, untilMs: Date.now() });
    };
  }

  /** What it says of itself; also learns which boot the present start is. */
  status(): AgentStatus | undefined {
    const status = readStatus(this.dataDir);
    const start = this.#starts.find(({ pid }) => pid === status?.pid);
    if (start && status) start.boot = status.bootId;
    return status;
  }

  get lives(): readonly { workstation: string; boot: string; fromMs: number; untilMs: number }[] {
    return this.#starts.flatMap(({ boot, fromMs, untilMs }) =>
      boot === undefined ? [] : [{ workstation: this.#id, boot, fromMs, untilMs }],
    );
  }

  /** Where it takes its members in, undefined while it does not. */
  get relayPort(): number | undefined {
    const status = this.status();
    return this.#actor.pid === status?.pid ? (status?.relay?.port ?? undefined) : undefined;
  }

  /** What its journal and its spools hold, and have counted as lost. */
  leftovers(copyTo: string): readonly Leftover[] {
    const spools = join(this.dataDir, 'spool');
    const members = existsSync(spools) ? readdirSync(spools) : [];
    return [
      leftoverOf(this.#id, join(this.dataDir, 'journal'), join(copyTo, 'journal')),
      ...members.map((id) => leftoverOf(id, join(spools, id), join(copyTo, id))),
    ];
  }

  get #config(): string {
    return join(this.#spec.folder, 'agent.yaml');
  }

  /** Light: no device is looked for that is not there. */
  #settings(): object {
    return {
      collector: { url: `ws://127.0.0.1:${this.tap.port}`, publicKey: this.#spec.pinnedKey },
      dataDir: this.dataDir,
      printers: [],
      journal: { maxBytes: JOURNAL_BYTES },
      inventory: { cron: '' },
      ...(this.#spec.isRelay && { relay: { host: '127.0.0.1', port: 0, page: { port: 0 } } }),
    };
  }

  #endedByItself(code: number | null): void {
    this.#noteEnd();
    this.#spec.onOwnEnd(this.name, code);
    const ended = this.noteFault('endedByItself');
    this.#restartTimer = setTimeout(() => {
      ended();
      if (!this.#actor.isRunning && !this.#spec.keeper.isClosing) this.start();
    }, RESTART_AFTER_MS);
  }

  #noteEnd(): void {
    const last = this.#starts.at(-1);
    if (last) last.untilMs = Math.min(last.untilMs, Date.now());
  }
}

/** Reads a journal from a copy: opening one changes it. */
function leftoverOf(workstation: string, directory: string, copyTo: string): Leftover {
  mkdirSync(copyTo, { recursive: true });
  if (existsSync(directory)) cpSync(directory, copyTo, { recursive: true });
  const journal = new Journal(copyTo, { maxBytes: ANY_BYTES, maxAgeMs: ANY_AGE_MS });
  const held = [...journal.unacked()].map(({ bootId, seq }) => ({
    workstation,
    boot: bootId,
    seq,
  }));
  const dropped = journal.droppedHeartbeats;
  journal.close();
  return { workstation, held, dropped };
}
