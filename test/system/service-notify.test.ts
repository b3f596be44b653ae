import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { receiveNotify, type NotifyReceiver } from '../support/notify-receiver.ts';
import { commands, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Long enough for a machine that does other things, too: a word is due every half of it. */
const WATCHDOG_MS = 1_000;
/** A word that was on its way when the process stopped has come by then. */
const SETTLE_MS = 200;
const WATCHED_MS = 3 * WATCHDOG_MS;
const SPIN = "process.on('SIGUSR2', () => { for (;;); });";

function startAgent(receiver: NotifyReceiver, env: Record<string, string> = {}): Child {
  const home = tempDir();
  const config = join(home, 'agent.yaml');
  // Nobody listens there: the heart beats into the journal.
  const collector = { url: 'ws://127.0.0.1:9', publicKey: 'A'.repeat(43) };
  writeFileSync(config, JSON.stringify({ collector, printers: [], inventory: { cron: '' } }));
  return start(commands.agent, ['run', '--config', config], {
    NOTIFY_SOCKET: receiver.path,
    WATCHDOG_USEC: String(WATCHDOG_MS * 1_000),
    ...env,
  });
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Words of the watchdog within a while. */
async function words(receiver: NotifyReceiver): Promise<number> {
  await passed(SETTLE_MS);
  const before = receiver.count('WATCHDOG=1');
  await passed(WATCHED_MS);
  return receiver.count('WATCHDOG=1') - before;
}

describe.skipIf(process.platform !== 'linux')('the agent under systemd’s protocol', () => {
  it('says when it is up, that it lives, and that it stops', async () => {
    const receiver = await receiveNotify();
    const agent = startAgent(receiver);
    await until(() => receiver.count('WATCHDOG=1') >= 3, 'three signs of life');
    const told = receiver.lines().filter((line) => !line.startsWith('STATUS='));
    expect(told.slice(0, 2)).toEqual(['READY=1', 'WATCHDOG=1']);
    expect(receiver.lines().find((line) => line.startsWith('STATUS=link '))).toBeDefined();
    agent.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    await until(() => receiver.count('STOPPING=1') === 1, 'its last word');
    expect(agent.errors()).toContain('agent stopped');
  });

  it('is silent while the process is stopped, and goes on afterwards', async () => {
    const receiver = await receiveNotify();
    const agent = startAgent(receiver);
    await until(() => receiver.count('WATCHDOG=1') >= 2, 'signs of life');
    expect(await words(receiver)).toBeGreaterThanOrEqual(3);
    agent.kill('SIGSTOP');
    expect(await words(receiver)).toBe(0);
    agent.kill('SIGCONT');
    expect(await words(receiver)).toBeGreaterThanOrEqual(3);
  });

  it('is silent while its event loop hangs: that is what systemd watches', async () => {
    const receiver = await receiveNotify();
    const agent = startAgent(receiver, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SPIN)}`,
    });
    await until(() => receiver.count('WATCHDOG=1') >= 2, 'signs of life');
    agent.kill('SIGUSR2');
    expect(await words(receiver)).toBe(0);
    expect(agent.process.exitCode).toBeNull();
  });

  it('also speaks to an abstract socket, and without a compiler of JavaScript', async () => {
    const receiver = await receiveNotify(
      `@ppe-pulse-${process.pid}-${Math.trunc(performance.now())}`,
    );
    const agent = startAgent(receiver, { NODE_OPTIONS: '--jitless' });
    await until(() => receiver.count('WATCHDOG=1') >= 2, 'signs of life');
    agent.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
  });

  it('tells a reason when it cannot start, and is watched by nobody else’s systemd', async () => {
    const receiver = await receiveNotify();
    const config = join(tempDir(), 'нет.yaml');
    const agent = start(commands.agent, ['run', '--config', config], {
      NOTIFY_SOCKET: receiver.path,
    });
    expect(await agent.ended).toBe(78);
    await until(() => receiver.lines().length > 0, 'the reason');
    expect(receiver.lines().join()).toMatch(/^STATUS=.*нет\.yaml: cannot be read/);
    const other = await receiveNotify();
    startAgent(other, { WATCHDOG_PID: '1' });
    await until(() => other.count('READY=1') === 1, 'its start');
    await passed(WATCHED_MS);
    expect(other.count('WATCHDOG=1')).toBe(0);
  });
});
