import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasPart } from '../support/has-part.ts';
import { until } from '../support/processes.ts';
import { bootPc, whyNotBooted } from '../support/booted-pc.ts';
import { difference, lastWords, serviceState, UNIT } from './pc-service.ts';

const root = join(import.meta.dirname, '..', '..');
const shipped = join(root, 'agent', 'dist', 'shipped');
const koffi = join(root, 'node_modules', '@koromix', 'koffi-linux-x64', 'linux_x64', 'koffi.node');
/** Letters, blanks and signs that mean something to systemd. */
const FOLDER = '/srv/Пульс ППЭ 100% $5';
const NOBODY = { collector: { url: 'ws://127.0.0.1:1', publicKey: 'A'.repeat(43) } };

interface ServiceStatus {
  readonly state: string;
  readonly pid: number | null;
  readonly startsAtBoot: boolean;
  readonly command: string | null;
}

/** Lays an agent out as a folder that somebody copied from a flash drive. */
function layOut(folder: string): void {
  const { version } = JSON.parse(readFileSync(join(shipped, 'manifest.json'), 'utf8')) as {
    version: string;
  };
  const versions = join(folder, 'versions', version);
  mkdirSync(versions, { recursive: true });
  cpSync(process.execPath, join(folder, 'node'));
  copyFileSync(koffi, join(folder, 'koffi.node'));
  copyFileSync(join(shipped, 'launcher.mjs'), join(folder, 'launcher.mjs'));
  for (const name of ['agent.mjs', 'manifest.json'])
    copyFileSync(join(shipped, name), join(versions, name));
  // Settings that only root may read: passwords of cameras may stand in them.
  writeFileSync(join(folder, 'agent.yaml'), JSON.stringify(NOBODY), { mode: 0o600 });
}

const why = whyNotBooted();

describe.skipIf(!hasPart(why === undefined, why ?? ''))('a portable agent under systemd', () => {
  it('becomes a service of its own, beats, and leaves nothing but its folder', async () => {
    const pc = await bootPc();
    onTestFinished(() => pc.stop());
    layOut(pc.path(FOLDER));
    const before = await pc.files();
    const service = async (verb: string) => {
      const done = await pc.run(
        `${FOLDER}/node`,
        `${FOLDER}/launcher.mjs`,
        'service',
        verb,
        '--json',
        '--config',
        `${FOLDER}/agent.yaml`,
      );
      try {
        return JSON.parse(done.output) as ServiceStatus;
      } catch (error) {
        throw new Error(done.output, { cause: error });
      }
    };
    expect(await service('status')).toMatchObject({ state: 'absent' });
    expect(await service('start')).toEqual({ fault: 'notInstalled', detail: '' });
    for (let times = 0; times < 2; times += 1)
      expect(await service('install')).toMatchObject({ startsAtBoot: true });
    const started = await service('start');
    if (started.state !== 'running') throw new Error(await lastWords(pc));
    expect(started.command).toContain(FOLDER);
    await until(async () => (await serviceState(pc)).status.startsWith('link '), 'a heartbeat');
    // A user that exists while the service runs, of systemd's own range.
    const owner = Number(await pc.sh(`stat -c %u /proc/${(await serviceState(pc)).pid}`));
    expect(owner).toBeGreaterThanOrEqual(61_184);
    expect(owner).toBeLessThanOrEqual(65_519);
    expect(await service('stop')).toMatchObject({ state: 'stopped', pid: null });
    expect(await pc.sh(`journalctl -u ${UNIT} --no-pager`)).toContain('agent stopped');
    for (let times = 0; times < 2; times += 1)
      expect(await service('uninstall')).toMatchObject({ state: 'absent' });
    const left = difference(before, await pc.files()).filter((line) => !line.includes('/var/log/'));
    // The state folder is the agent’s key and journal: a person takes it away, not a verb.
    expect(left.filter((line) => !line.includes('/ppe-pulse-agent'))).toEqual([]);
  }, 600_000);
});
