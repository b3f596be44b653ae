import { until } from '../support/processes.ts';
import type { BootedPc } from '../support/booted-pc.ts';

export const UNIT = 'ppe-pulse-agent.service';
export const SETTINGS = '/etc/ppe-pulse/agent.yaml';

/** What systemd says of the agent. */
export interface ServiceState {
  readonly active: string;
  readonly pid: number;
  readonly restarts: number;
  /** The word that the agent gave it. */
  readonly status: string;
}

export async function serviceState(pc: BootedPc): Promise<ServiceState> {
  const names = ['ActiveState', 'MainPID', 'NRestarts', 'StatusText'];
  const shown = await pc.sh(`systemctl show ${UNIT} -p ${names.join(' -p ')}`);
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? '';
  return {
    active: value('ActiveState'),
    pid: Number(value('MainPID')),
    restarts: Number(value('NRestarts')),
    status: value('StatusText'),
  };
}

/** Waits until it has said READY as another process than `before`; answers it and the wait, ms. */
export async function readyAgain(
  pc: BootedPc,
  before: number,
  withinMs: number,
): Promise<ServiceState & { readonly tookMs: number }> {
  const fromMs = performance.now();
  let state = await serviceState(pc);
  const isReady = async (): Promise<boolean> => {
    state = await serviceState(pc);
    return state.active === 'active' && state.pid !== before && state.pid !== 0;
  };
  try {
    await until(isReady, 'the agent is ready again', withinMs);
  } catch (error) {
    const said = await lastWords(pc);
    throw new Error(`${JSON.stringify(state)}\n${said}`, { cause: error });
  }
  return { ...state, tookMs: performance.now() - fromMs };
}

/** The last lines that the agent wrote. */
export async function lastWords(pc: BootedPc, lines = 20): Promise<string> {
  return (
    await pc.run('journalctl', '-u', UNIT, '-n', String(lines), '--no-pager', '-o', 'short-precise')
  ).output;
}

/** What dpkg and the system write on any day, and is no trace of a package. */
const OWN_NOTES = [
  './var/lib/dpkg/status-old',
  './var/lib/dpkg/lock-frontend',
  './var/lib/dpkg/lock',
  './var/lib/dpkg/triggers/Lock',
  './var/lib/dpkg/triggers/Unincorp',
  './var/log/dpkg.log',
];
/** The journal of a person who has had a session. */
const JOURNAL_OF_PERSON = /^\.\/var\/log\/journal\/[^/]+\/user-\d+\.journal$/;

/** A list of paths without what the system itself has written. */
export function withoutNotes(paths: readonly string[]): string[] {
  return paths.filter((path) => !OWN_NOTES.includes(path) && !JOURNAL_OF_PERSON.test(path));
}

/** Paths that only one of two lists has. */
export function difference(before: readonly string[], after: readonly string[]): string[] {
  const [then, now] = [new Set(withoutNotes(before)), new Set(withoutNotes(after))];
  return [
    ...[...then].filter((path) => !now.has(path)).map((path) => `- ${path}`),
    ...[...now].filter((path) => !then.has(path)).map((path) => `+ ${path}`),
  ];
}
