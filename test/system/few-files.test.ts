import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commands } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

/** File descriptors of the collector: enough to start with, and far too few for the crowd. */
const FILES = 150;
const CROWD = 300;
/** Sizes are read again after 10 s: the crowd stays for longer than that. */
const SIEGE_MS = 14_000;

/** The command that people run, with few file descriptors and the umask of an ordinary user. */
async function collector(dataDir: string): Promise<{ url: string; hasEnded: () => boolean }> {
  const child = spawn(
    'sh',
    [
      '-c',
      `umask 022; ulimit -n ${FILES}; exec "$0" "$@"`,
      process.execPath,
      commands.collector,
      'serve',
      '--data',
      dataDir,
      '--port',
      '0',
    ],
    { stdio: 'ignore', env: { PATH: process.env.PATH ?? '' } },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const addressFile = join(dataDir, 'collector.address');
  const read = (): string => {
    try {
      return readFileSync(addressFile, 'utf8').trim();
    } catch {
      return '';
    }
  };
  await expect.poll(read, { timeout: 20_000 }).toMatch(/^http/);
  return { url: read(), hasEnded: () => child.exitCode !== null || child.signalCode !== null };
}

/** Idle connections that come again as soon as they are cut. */
function crowd(url: string): () => void {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isOver = false;
  const come = (): void => {
    if (isOver) return;
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      setTimeout(come, 50);
    });
  };
  for (let at = 0; at < CROWD; at += 1) come();
  return () => {
    isOver = true;
    for (const socket of sockets) socket.destroy();
  };
}

describe.skipIf(process.platform === 'win32')('a collector', { timeout: 60_000 }, () => {
  it('outlives a peer that takes all of its file descriptors', async () => {
    const { url, hasEnded } = await collector(tempDir());
    const leave = crowd(url);
    onTestFinished(leave);
    await sleep(SIEGE_MS);
    expect(hasEnded()).toBe(false);
    leave();
    const status = async (): Promise<number> =>
      fetch(`${url}/healthz`).then(
        ({ status: answered }) => answered,
        () => 0,
      );
    await expect.poll(status, { timeout: 15_000 }).toBe(200);
  });

  it('writes nothing that another user of its machine can read', async () => {
    const dataDir = join(tempDir(), 'data');
    await collector(dataDir);
    const open = readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
      .concat('.')
      .filter((name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(readdirSync(dataDir)).toContain('state.sqlite-wal');
  });
});
