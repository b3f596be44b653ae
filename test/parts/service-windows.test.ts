import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeLibraries } from '../../agent/src/child/native-libraries.ts';
import { detailsOf } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { hasWindows, startWindows, type WindowsPc } from './windows.ts';

const CONFIG = 'настройки агента.yaml';
const EVENTS = 'HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Application\\PpePulseAgent';
/** Of <sys/ptrace.h> and <sys/wait.h>. */
const PTRACE_SEIZE = 0x4206;
const PTRACE_INTERRUPT = 0x4207;
const WAIT_ALL_NO_HANG = 0x4000_0001;
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const compiled = join(import.meta.dirname, '..', '..', 'agent', 'dist');
/** Modules that the timer's own proof needs, beside koffi. */
const TIMER_MODULES = [
  'service/exit-timer.js',
  'child/native-libraries.js',
  'platform/load-koffi.js',
];
/** A loop that hangs under a watchdog of two seconds, told to be patient before. */
const HANG = `
import { NativeLibraries } from './proof/child/native-libraries.js';
import { startExitTimer } from './proof/service/exit-timer.js';
const timer = await startExitTimer(new NativeLibraries(), 2000);
for (let at = 0; at < 6; at += 1) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  timer.moveOn();
}
console.log('three seconds of life');
for (;;);
`;
/** The same, moved away before a stop: it must not end what ends by itself. */
const AWAY = `
import { NativeLibraries } from './proof/child/native-libraries.js';
import { startExitTimer } from './proof/service/exit-timer.js';
const timer = await startExitTimer(new NativeLibraries(), 300);
timer.moveAway();
await new Promise((resolve) => setTimeout(resolve, 1500));
console.log('left alone');
process.exit(0);
`;

interface ServiceStatus {
  readonly state: string;
  readonly pid: number | null;
  readonly command: string | null;
  readonly startsAtBoot: boolean;
}

/**
 * The service on wine’s service manager. What wine has not got is unverified: failure actions and their
 * flag, the account, access lists, entries of the event log.
 */
describe.skipIf(!hasWindows())('the service of Windows, by wine', { timeout: 300_000 }, () => {
  let pc: WindowsPc;
  beforeAll(async () => {
    pc = await startWindows();
    for (const file of TIMER_MODULES) {
      mkdirSync(join(pc.home, 'proof', file, '..'), { recursive: true });
      cpSync(join(compiled, file), join(pc.home, 'proof', file));
    }
    writeFileSync(join(pc.home, 'hang.mjs'), HANG);
    writeFileSync(join(pc.home, 'away.mjs'), AWAY);
  }, 120_000);
  afterAll(() => pc.stop());

  const service = (verb: string, ...flags: readonly string[]) =>
    pc.node([pc.path('main.js'), 'service', verb, '--config', pc.path(CONFIG), ...flags]);
  const standing = async (verb: string) =>
    JSON.parse((await service(verb, '--json')).output) as ServiceStatus;
  const write = (settings: object): void =>
    writeFileSync(
      join(pc.home, CONFIG),
      JSON.stringify({ dataDir: './данные', printers: [], inventory: { cron: '' }, ...settings }),
    );

  it('is installed, starts, beats, says goodbye within 5 s, and leaves nothing', async () => {
    const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const { body } = await api(collector, '/api/v1/collector');
    const { publicKey } = body as { publicKey?: string };
    write({ collector: { url: collector.url.replace('http', 'ws'), publicKey } });
    const told = await pc.node([
      pc.path('main.js'),
      'identity',
      '--json',
      '--config',
      pc.path(CONFIG),
    ]);
    const identity = JSON.parse(told.output) as { agentId: string; publicKey: string };
    const placement = { siteCode: '0042', roomCode: '7777', role: 'hq', duty: 'main' };
    const own = { publicKey: identity.publicKey, placement };
    await api(collector, '/api/v1/workstations', { method: 'POST', body: own });
    expect(await service('start', '--lang', 'en')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('"ppe-agent service install" first'),
    });
    expect(await service('install')).toMatchObject({ code: 0, errors: '' });
    // Once more is no error and changes nothing.
    const installed = await standing('install');
    expect(installed).toMatchObject({ state: 'stopped', startsAtBoot: true, pid: null });
    // Every path in its quotes, Cyrillic letters and spaces as they are.
    expect(installed.command).toContain(`"${pc.path('main.js')}" run --service`);
    expect(installed.command).toMatch(/^"Z:\\.*node\.exe" --jitless /);
    expect(installed.command?.endsWith(`--config "${pc.path(CONFIG)}"`)).toBe(true);
    expect((await pc.program('reg', 'query', EVENTS)).output).toContain('EventCreate.exe');
    expect(await standing('start')).toMatchObject({ state: 'running', pid: expect.any(Number) });
    const checks = async () => (await detailsOf(collector, identity.agentId)).checks;
    await until(async () => (await checks()).length > 1, 'its heartbeats');
    const log = join(pc.home, 'данные', 'log', 'agent.log');
    expect(readFileSync(log, 'utf8')).toContain('agent is up');
    expect(await standing('stop')).toMatchObject({ state: 'stopped', pid: null });
    const stopMs = timeOf(log, 'agent stopped') - timeOf(log, 'asked to stop');
    expect(stopMs).toBeLessThan(5_000);
    expect((await detailsOf(collector, identity.agentId)).reason).toBe('saidGoodbye');
    for (let times = 0; times < 2; times += 1)
      expect(await standing('uninstall')).toMatchObject({ state: 'absent', pid: null });
    expect((await pc.program('reg', 'query', EVENTS)).code).not.toBe(0);
  });

  it('stops with a code when it cannot start, instead of keeping the manager waiting', async () => {
    write({ collector: { url: 'ws://127.0.0.1:9' } });
    expect(await service('install')).toMatchObject({ code: 0 });
    const startMs = performance.now();
    const started = await service('start', '--lang', 'en');
    expect(started).toMatchObject({
      code: 1,
      errors: expect.stringContaining('the service manager refused'),
    });
    expect(performance.now() - startMs).toBeLessThan(40_000);
    expect(await standing('status')).toMatchObject({ state: 'stopped' });
    await service('uninstall');
  });

  it('a process whose event loop hangs is ended by Windows, one that lives or stops is not', async () => {
    const hung = await pc.node([pc.path('hang.mjs')]);
    expect(hung.output).toContain('three seconds of life');
    expect(hung.code).toBe(1);
    expect(await pc.node([pc.path('away.mjs')])).toMatchObject({ code: 0, output: 'left alone\n' });
  });

  it.skipIf(!isFull || process.getuid?.() !== 0)(
    'a service whose event loop hangs is gone within 35 s',
    async () => {
      write({ collector: { url: 'ws://127.0.0.1:9', publicKey: 'A'.repeat(43) } });
      expect(await service('install')).toMatchObject({ code: 0 });
      expect(await standing('start')).toMatchObject({ state: 'running' });
      const pid = linuxPidOf(pc.prefix, 'run --service');
      const release = await freezeThread(pid);
      const startMs = performance.now();
      await until(() => !isAlive(pid), 'its end', 60_000);
      expect(performance.now() - startMs).toBeLessThan(35_000);
      // Not at once either: it was given its time.
      expect(performance.now() - startMs).toBeGreaterThan(10_000);
      release();
      expect(await service('uninstall')).toMatchObject({ code: 0 });
    },
  );
});

/** When the last line with these words was written, ms since 1970 UTC. */
function timeOf(path: string, words: string): number {
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .findLast((each) => each.includes(words));
  return (JSON.parse(line ?? '{}') as { time?: number }).time ?? Number.NaN;
}

/** The process of a prefix with these words in its command line, as Linux counts. */
function linuxPidOf(prefix: string, words: string): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
      if (environment.includes(`WINEPREFIX=${prefix}`) && command.includes(words))
        return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`no process of the prefix runs with "${words}"`);
}

/** Stops the thread of the event loop and no other, which no signal can do; answers how to let go. */
async function freezeThread(pid: number): Promise<() => void> {
  const libc = await new NativeLibraries().bind('libc.so.6', {
    trace: 'int64 ptrace(int64 request, int64 pid, int64 address, int64 data)',
    wait: 'int waitpid(int pid, void *status, int options)',
  });
  expect([libc.trace(PTRACE_SEIZE, pid, 0, 0), libc.trace(PTRACE_INTERRUPT, pid, 0, 0)]).toEqual([
    0, 0,
  ]);
  return () => void libc.wait(pid, null, WAIT_ALL_NO_HANG);
}

/** A process that ended and was not waited for yet is gone, too. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
