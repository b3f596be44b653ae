import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  limits,
  type Goodbye,
  type Placement,
  type ToAgent,
  type UpdatePart,
  type UpdateStateMessage,
} from '@ppe-pulse/protocol';
import { readVersionState } from '../../agent/src/launcher/state-file.ts';
import type { VersionState } from '../../agent/src/launcher/version-state.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { openIdentity } from '../../agent/src/platform/identity.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import { RelayDoor } from '../../agent/src/relay/relay-door.ts';
import { Roster } from '../../agent/src/relay/roster.ts';
import { runToEnd, start, type Child } from './processes.ts';
import { tempDir } from './temp-dir.ts';
import { installTree, rootOf, type MadeUpdate, type Signer } from './update-kit.ts';

const root = join(import.meta.dirname, '..', '..');

/** The agent as it is shipped, built as another version than the tree's own. */
export function builtAgent(version: string): { readonly agent: string; readonly launcher: string } {
  // Two files of tests may build at the same time.
  const folder = mkdtempSync(join(tmpdir(), 'ppe-pulse-built-'));
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs'), '-c', 'rolldown.shipped.mjs'],
    {
      cwd: join(root, 'agent'),
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PPE_PULSE_BUILD_VERSION: version, PPE_PULSE_BUILD_DIR: folder },
    },
  );
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const built = { agent: read('agent.mjs'), launcher: read('launcher.mjs') };
  rmSync(folder, { recursive: true });
  return built;
}

/** An installed agent, kept alive as a service manager does. */
export interface InstalledAgent {
  readonly id: string;
  readonly publicKey: string;
  readonly home: string;
  readonly dataDir: string;
  readonly versionsDir: string;
  readonly config: string;
  /** Processes that were started, the newest last. */
  readonly runs: Child[];
  readonly env: Record<string, string>;
  readonly launcher: string;
  /** Starts it, and again whenever it ends, until the test does. */
  keepAlive(): void;
  /** No start follows. */
  stop(): Promise<void>;
  state(): VersionState;
  log(): string;
}

/** Installs a version under a fresh folder, with settings for a listener. */
export async function installedAgent(
  tree: { readonly agent: string; readonly launcher: string; readonly version?: string },
  signers: readonly Signer[],
  settings: object,
  flags: readonly string[] = [],
): Promise<InstalledAgent> {
  const home = tempDir();
  const { agent, launcher, version = '0.1.0' } = tree;
  installTree(home, { launcher, agent, version, root: rootOf(signers) });
  const config = join(home, 'agent.yaml');
  // Its page is of one address on a machine; tests run beside each other.
  writeFileSync(config, JSON.stringify({ page: { port: 0 }, ...settings }));
  const dataDir = join(home, 'data');
  const env = { PPE_PULSE_DATA_DIR: dataDir };
  const path = join(home, 'launcher.mjs');
  const told = await runToEnd(path, ['identity', '--json', '--config', config], env);
  const { agentId, publicKey } = JSON.parse(told.output) as Record<'agentId' | 'publicKey', string>;
  const runs: Child[] = [];
  let isStopped = false;
  const begin = (): void => {
    if (isStopped) return;
    const child = start(path, ['run', ...flags, '--config', config], env);
    runs.push(child);
    // As `Restart=always` with a short wait.
    void child.ended.then(() => setTimeout(begin, 200));
  };
  const stop = async (): Promise<void> => {
    isStopped = true;
    runs.at(-1)?.kill('SIGTERM');
    await Promise.all(runs.map(({ ended }) => ended));
  };
  const versionsDir = join(dataDir, 'versions');
  // An installed agent writes into a file of its own.
  const logFile = join(dataDir, 'log', 'agent.log');
  const log = (): string =>
    runs.map((run) => run.output() + run.errors()).join('--- start\n') +
    (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(log().slice(-9_000));
    isStopped = true;
    for (const run of runs) run.kill('SIGKILL');
    await Promise.all(runs.map(({ ended }) => ended));
  });
  return {
    id: agentId,
    publicKey,
    home,
    dataDir,
    versionsDir,
    config,
    runs,
    env,
    launcher: path,
    keepAlive: begin,
    stop,
    state: () => readVersionState(versionsDir),
    log,
  };
}

/** The listener of an agent: a real door, whose updates are the test's to give and to spoil. */
export interface UpdateListener {
  readonly settings: { collector: { url: string; publicKey: string } };
  readonly told: { readonly id: string; readonly state: UpdateStateMessage }[];
  readonly goodbyes: Goodbye[];
  readonly versions: ReadonlyMap<string, string>;
  readonly reads: number[];
  enrol(agent: InstalledAgent, role?: Placement['role']): void;
  isHere(id: string): boolean;
  /** False when it is not here. */
  offer(id: string, update: Pick<MadeUpdate, 'manifest' | 'signatures'>): boolean;
  /** What it answers to `updateRead` from now on. */
  serve(read: ReadPart): void;
  send(id: string, message: ToAgent): boolean;
  /** Its key's signature over a text. */
  signed(text: string): string;
  statesOf(id: string): string[];
}

/** What answers an `updateRead`. */
export type ReadPart = (version: string, offset: number) => UpdatePart | undefined;

/** Parts of an update, as an honest listener gives them. */
export function partsOf({ packed }: Pick<MadeUpdate, 'packed'>, version: string): ReadPart {
  return (wanted, offset) => {
    const data = packed.subarray(offset, offset + limits.updatePartBytes).toString('base64');
    return wanted === version && data !== ''
      ? { type: 'updatePart', version, offset, data }
      : undefined;
  };
}

/** Listens on a free loopback port. Goes with the test. */
export async function updateListener(): Promise<UpdateListener> {
  const dataDir = tempDir();
  const identity = await openIdentity(dataDir);
  const log = createLog('silent');
  const roster = new Roster(dataDir, identity.agentId, log);
  roster.replace({ type: 'roster', members: [] });
  const told: UpdateListener['told'] = [];
  const goodbyes: Goodbye[] = [];
  const versions = new Map<string, string>();
  const reads: number[] = [];
  const here = new Set<string>();
  let read: ReadPart = () => undefined;
  const door: RelayDoor = new RelayDoor({
    config: { host: '127.0.0.1', port: 0, insecure: false },
    identity,
    answer: (_request, response) => response.writeHead(404).end(),
    roster,
    listener: {
      heard: (heartbeat) => {
        versions.set(heartbeat.workstationId, heartbeat.agentVersion ?? '');
        door.ack([heartbeat]);
      },
      saidGoodbye: (_, goodbye) => void goodbyes.push(goodbye),
      cloned: () => undefined,
      slotReturned: () => undefined,
      emProgress: () => undefined,
      presence: (id, isHere) => void (isHere ? here.add(id) : here.delete(id)),
      updates: {
        read: (version, offset) => {
          reads.push(offset);
          return read(version, offset);
        },
        told: (id, state) => void told.push({ id, state }),
      },
    },
    store: () => 'pending',
    now: () => ({ wallMs: Date.now(), monotonicMs: performance.now() }),
    intervalMs: 1_000,
    timers: systemTimers(),
    log,
  });
  await door.start();
  onTestFinished(() => door.stop());
  return {
    settings: {
      collector: { url: `ws://127.0.0.1:${door.port ?? 0}`, publicKey: identity.publicKey },
    },
    told,
    goodbyes,
    versions,
    reads,
    enrol: ({ id: agentId, publicKey }, role = 'hq') => {
      const place = { siteCode: '0042', roomCode: '7777', duty: 'main', simulated: false } as const;
      const members = [{ agentId, publicKey, placement: { ...place, role } }];
      roster.replace({ type: 'roster', members });
    },
    isHere: (id) => here.has(id),
    offer: (id, { manifest, signatures }) =>
      door.send(id, { type: 'updateOffer', manifest, signatures: [...signatures] }),
    serve: (next) => {
      read = next;
    },
    send: (id, message) => door.send(id, message),
    signed: (text) => identity.sign(text),
    statesOf: (id) =>
      told
        .filter((each) => each.id === id)
        .map(({ state: { version, state, reason } }) =>
          reason === 'ok' ? `${version} ${state}` : `${version} ${state} ${reason}`,
        ),
  };
}
