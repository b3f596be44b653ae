import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { RELAY, centre, stick } from '../parts/centre.ts';
import { addresses, openLan, type Lan } from '../parts/lan.ts';
import { hasLine } from '../parts/line.ts';
import { done, root } from '../support/package-build.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { bootPc, whyNotBooted, type BootedPc } from '../support/booted-pc.ts';
import { difference, lastWords, withoutNotes } from './pc-service.ts';
import { recordedRunPage } from './recorded-run-page.ts';
import { openRecord, type TestRecord } from './test-record.ts';
import { signedRelease } from './signed-release.ts';

const DRIVE = '/media/Флешка техника 1';
const NEXT = '0.2.0';
/** Five minutes a PC. */
const NORM_SECONDS = 300;
const LIFE_S = 1_200;

/** What the collector says of a workstation. */
interface Seen {
  readonly lastSeenAt: string | null;
  readonly agentVersion: string;
  readonly relayId: string | null;
  readonly checks: readonly { readonly id: string; readonly verdict: string }[];
}

/** Without the figures of each check. */
function shown({ checks, ...seen }: Seen): string {
  const { lastSeenAt, agentVersion, relayId } = seen;
  const verdicts = checks.map(({ id, verdict }) => `${id} ${verdict}`).join(', ');
  return JSON.stringify({ lastSeenAt, agentVersion, relayId, checks: verdicts }, null, 2);
}

/** How many there are, and a hash of their paths; what dpkg keeps of any day is left out. */
function listed(all: readonly string[]): string {
  const paths = withoutNotes(all);
  const hash = createHash('sha256').update(paths.join('\n')).digest('hex');
  return `${paths.length}, sha256 of the sorted list ${hash}`;
}

function keepPage({ steps }: TestRecord): void {
  const path = join(root, 'docs', 'recorded-run.md');
  writeFileSync(path, recordedRunPage(steps, new Date()));
  done('npx', ['oxfmt', path], { cwd: root });
}

/** Each look starts a program: others need this machine, too. */
async function slowly(condition: () => Promise<boolean>, what: string): Promise<void> {
  const look = async (): Promise<boolean> => {
    if (await condition()) return true;
    await pause(2_000);
    return false;
  };
  await until(look, what, 300_000);
}

/** Runs the drive's installer as a technician does; answers the id that the PC got. */
async function install(pc: BootedPc, words: string, record: TestRecord): Promise<string> {
  const { code, output } = await pc.run('sh', '-c', `sh '${DRIVE}/install.sh' ${words}`);
  record.note(`install.sh ${words}`, `${output}exit code ${code}`);
  expect(output).toContain('Зарегистрировано: w-');
  expect(Number(/всего: (\d+) с/.exec(output)?.[1])).toBeLessThan(NORM_SECONDS);
  return /Зарегистрировано: (w-[0-9a-f]{16})/.exec(output)?.[1] ?? '';
}

/** The PC of the Штаб, installed by the same drive: its enrolment makes it the relay of its ППЭ. */
async function headquarters(lan: Lan, drive: string, record: TestRecord) {
  const pc = await bootPc({ network: lan.spaceOf('hq'), drives: { [DRIVE]: drive } });
  onTestFinished(() => pc.stop());
  const id = await install(pc, '--role hq --duty main', record);
  await until(
    async () => (await lastWords(pc, 200)).includes('the roster has come'),
    'the relay has its roster',
    90_000,
  );
  return id;
}

/** The folder that a technician carries, made as a coordinator makes it. */
function flashDrive(packages: string, enrolment: string, site: string): string {
  const out = join(tempDir(), 'Флешка техника 1');
  const named = join(packages, `ppe-${site}.enrolment.json`);
  renameSync(enrolment, named);
  const flags = ['--packages', packages, '--out', out, '--enrolment', named];
  done(process.execPath, [join(root, 'deploy', 'stick', 'make.mjs'), ...flags]);
  return out;
}

/** A PC that has nothing, and no way but the LAN of its ППЭ. */
async function bareRoom(lan: Lan, drive: string, record: TestRecord): Promise<BootedPc> {
  const pc = await bootPc({ network: lan.spaceOf('room'), drives: { [DRIVE]: drive } });
  onTestFinished(() => pc.stop());
  record.note('the PC', await pc.sh('. /etc/os-release; echo $PRETTY_NAME; ps -o args= -p 1'));
  const node = await pc.run('sh', '-c', 'command -v node nodejs npm');
  expect(node).toEqual({ code: 127, output: '' });
  const direct = `exec 3<>/dev/tcp/${addresses.centre}/8443`;
  const way = await pc.run('bash', '-c', direct);
  expect(way.output).toContain('Network is unreachable');
  record.note('Node on it', 'none');
  record.note('its way to the collector', way.output);
  record.note('its network', await pc.sh('ip -brief address; ip route'));
  return pc;
}

describe('a PC without Node and without the Internet', () => {
  beforeAll(() => {
    const why = whyNotBooted() ?? (hasLine() ? undefined : 'no network namespaces here');
    if (why !== undefined) throw new Error(why);
  });

  it(
    'from a flash drive to the board through a relay, updated, removed, nothing left',
    async () => {
      const record = openRecord('recorded-run.txt');
      const release = signedRelease(tempDir());
      const packages = join(release.makePackage('deb'), '..');
      const update = release.makeUpdate(NEXT);
      record.note('made', 'package 0.1.0 (deb), update 0.2.0 signed by two of three keys');
      const lan = await openLan(LIFE_S);
      const world = await centre(lan);
      copyFileSync(release.updateRoot, join(world.dataDir, 'updates.root'));
      const [site = ''] = await world.siteCodes();
      const own = await stick(world, site, '--relay-url', RELAY);
      record.note('collector', `TLS, ${addresses.centre}, behind the Штаб only; ППЭ ${site}`);
      const drive = flashDrive(packages, own.path, site);
      record.note('flash drive', readdirSync(drive).join(', '));
      const hqId = await headquarters(lan, drive, record);
      const pc = await bareRoom(lan, drive, record);
      const before = await pc.files();
      record.note('files before', listed(before));

      const place = own.file.places.find(({ role }) => role === 'organizer');
      const words = `--room ${place?.roomCode} --role organizer --duty ${place?.duty}`;
      const id = await install(pc, words, record);
      record.note('files added', difference(before, await pc.files()).join('\n'));

      const look = async () => (await world.ask('GET', `/api/v1/workstations/${id}`)) as Seen;
      await slowly(async () => (await look()).lastSeenAt !== null, 'the collector has heard it');
      const seen = await look();
      expect(seen).toMatchObject({ agentVersion: '0.1.0', relayId: hqId });
      expect(seen.checks).toContainEqual(
        expect.objectContaining({ id: 'heartbeat', verdict: 'ok' }),
      );
      record.note(`GET /api/v1/workstations/${id}`, shown(seen));

      record.note('update add', await world.says('update', 'add', update));
      record.note('roll-out', await world.says('update', 'roll-out', NEXT, '--ppe', site));
      try {
        await slowly(async () => (await look()).agentVersion === NEXT, 'the new version is heard');
        const both = async () => (await world.says('update', 'list')).includes('confirmed 2');
        await slowly(both, 'the collector knows that both are confirmed');
      } catch (error) {
        record.note('no update', await lastWords(pc, 60));
        record.note('update list', await world.says('update', 'list'));
        throw error;
      }
      record.note(
        'ppe-agent update status',
        (await pc.run('ppe-agent', 'update', 'status')).output,
      );
      record.note('update list', await world.says('update', 'list'));
      record.note('its words', await lastWords(pc, 40));

      record.note('dpkg --purge', await pc.sh('dpkg --purge ppe-pulse-agent'));
      const after = await pc.files();
      const left = difference(before, after);
      const missing = `left or missing: ${left.join(' ') || 'nothing'}`;
      record.note('files after', `${listed(after)}\n${missing}`);
      expect(left).toEqual([]);
      expect(await pc.powerOff()).toBe(true);
      record.note('powered off', 'by itself');
      if (process.env.UPDATE_DOCS === '1') keepPage(record);
    },
    LIFE_S * 1_000,
  );
});
