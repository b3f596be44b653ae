import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runCommand } from '../child/run-command.ts';
import {
  absentService,
  ServiceFault,
  type ServiceControl,
  type ServiceSpec,
  type ServiceStatus,
} from './service-control.ts';
import { systemdUnit, UNIT_MARK } from './systemd-unit.ts';

const UNIT = 'ppe-pulse-agent.service';
const UNIT_PATH = `/etc/systemd/system/${UNIT}`;
/** It exists where systemd is process 1 (sd_booted(3)). */
const BOOTED = '/run/systemd/system';
/** The first systemd with LoadCredential=. */
const CREDENTIALS_SINCE = 247;
const DEADLINE_MS = 30_000;
const MAX_BYTES = 65_536;
const states: Readonly<Record<string, ServiceStatus['state']>> = {
  active: 'running',
  activating: 'starting',
  reloading: 'running',
  deactivating: 'stopping',
  failed: 'failed',
};

/** systemd of this machine. Throws a `ServiceFault` where none runs. */
export function systemdServices(): ServiceControl {
  if (!existsSync(BOOTED)) throw new ServiceFault('noManager');
  return { install, uninstall, start, stop, status };
}

async function install(spec: ServiceSpec): Promise<void> {
  // systemd takes no program with these letters in its path, in whatever quotes.
  if (/["\\]/.test(spec.runtime)) throw new ServiceFault('refused', 'rename the folder: " or \\');
  // A package brought its own unit, which knows its paths: that one is switched on.
  if (!(await isPackaged())) {
    const version = Number(/\d+/.exec(await systemctl('--version'))?.[0] ?? 0);
    const text = systemdUnit(spec, {
      hasCredentials: version >= CREDENTIALS_SINCE,
    });
    asRoot(() => writeFileSync(UNIT_PATH, text, { mode: 0o644 }));
    await systemctl('daemon-reload');
  }
  await systemctl('enable', UNIT);
}

async function uninstall(): Promise<void> {
  const { installed } = await status();
  if (!installed) return;
  await systemctl('disable', '--now', UNIT);
  if (await isPackaged()) throw new ServiceFault('packaged');
  asRoot(() => rmSync(UNIT_PATH, { force: true }));
  await systemctl('daemon-reload');
  await systemctl('reset-failed', UNIT).catch(() => undefined);
}

async function start(): Promise<void> {
  await assertInstalled();
  // A unit of `Type=notify`: this returns when the agent has said that it is up.
  await systemctl('restart', UNIT);
}

async function stop(): Promise<void> {
  await assertInstalled();
  await systemctl('stop', UNIT);
}

async function status(): Promise<ServiceStatus> {
  const wanted = 'LoadState,ActiveState,MainPID,UnitFileState,ExecStart';
  return statusOf(await systemctl('show', UNIT, `--property=${wanted}`));
}

/** What `systemctl show` tells. */
export function statusOf(shown: string): ServiceStatus {
  const value = (name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1]?.trim() ?? '';
  if (value('LoadState') !== 'loaded') return absentService;
  const pid = Number(value('MainPID'));
  return {
    installed: true,
    state: states[value('ActiveState')] ?? 'stopped',
    startsAtBoot: value('UnitFileState').startsWith('enabled'),
    pid: pid > 0 ? pid : null,
    command: /argv\[\]=(.*?) ; ignore_errors=/.exec(value('ExecStart'))?.[1] ?? null,
  };
}

async function assertInstalled(): Promise<void> {
  if (!(await status()).installed) throw new ServiceFault('notInstalled');
}

/** True where the unit is not ours to write. */
async function isPackaged(): Promise<boolean> {
  if (existsSync(UNIT_PATH)) return !readFileSync(UNIT_PATH, 'utf8').startsWith(UNIT_MARK);
  return (await status()).installed;
}

function asRoot(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES')
      throw new ServiceFault('denied');
    throw new ServiceFault('refused', error instanceof Error ? error.message : String(error));
  }
}

async function systemctl(...args: readonly string[]): Promise<string> {
  const done = await runCommand({
    program: 'systemctl',
    args: ['--no-pager', '--no-ask-password', ...args],
    deadlineMs: DEADLINE_MS,
    output: { kind: 'kept', maxBytes: MAX_BYTES },
  });
  if (done.kind === 'notFound') throw new ServiceFault('noManager');
  if (done.kind !== 'ended') throw new ServiceFault('timeout', `systemctl ${args[0] ?? ''}`);
  if (done.code === 0) return done.stdout;
  const said = done.stderr.trim().split('\n')[0] ?? '';
  throw new ServiceFault(/denied|authentication/i.test(said) ? 'denied' : 'refused', said);
}
