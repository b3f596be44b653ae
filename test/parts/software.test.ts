import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { lookAtPackages } from '../../agent/src/probes/software/installed-software.ts';
import { SoftwareProbe } from '../../agent/src/probes/software/software-probe.ts';
import { commands } from '../support/processes.ts';
import { hasPart } from '../support/has-part.ts';
import { tempDir } from '../support/temp-dir.ts';

const hasRpm = hasPart(existsSync('/usr/bin/rpmbuild'), 'rpm');
const hasDpkg = existsSync('/var/lib/dpkg/status');

/** A private database of rpm with packages that hold nothing. */
function rpmDatabase(packages: Readonly<Record<string, string>>): string {
  const home = tempDir();
  const database = join(home, 'database');
  mkdirSync(database);
  for (const [name, version] of Object.entries(packages)) {
    const spec = join(home, `${name}.spec`);
    writeFileSync(
      spec,
      `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: none\nLicense: none\nBuildArch: noarch\n%description\nnone\n%files\n`,
    );
    run('rpmbuild', '-bb', '--define', `_topdir ${home}`, spec);
  }
  const built = readdirSync(join(home, 'RPMS', 'noarch')).map((each) =>
    join(home, 'RPMS', 'noarch', each),
  );
  run('rpm', '--dbpath', database, '--justdb', '--nodeps', '-i', ...built);
  return database;
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

describe.skipIf(!hasRpm)('packages of rpm', { timeout: 60_000 }, () => {
  it('are looked up in its real database', async () => {
    const places = {
      dpkgStatus: '/none',
      rpmFlags: ['--dbpath', rpmDatabase({ 'kege-station': '7.1.12', fpc: '3.2.2' })],
    };
    const wanted = [
      { match: 'kege-station' },
      { match: 'KEGE-*', version: '7.1' },
      { match: 'kege-station', version: '7.2' },
      { match: 'python3' },
    ];
    expect(await lookAtPackages(wanted, places)).toEqual({
      kind: 'seen',
      installed: [true, true, false, false],
    });
  });

  it('of a database that is empty or damaged are not known: nothing is called missing', async () => {
    const empty = tempDir();
    const look = (database: string) =>
      lookAtPackages([{ match: 'fpc' }], {
        dpkgStatus: '/none',
        rpmFlags: ['--dbpath', database],
      });
    expect(await look(empty)).toEqual({ kind: 'failed', reason: 'notSupported' });
    const damaged = rpmDatabase({ fpc: '3.2.2' });
    for (const file of readdirSync(damaged)) writeFileSync(join(damaged, file), 'nonsense');
    expect(await look(damaged)).toMatchObject({ kind: 'failed' });
  });
});

describe.skipIf(!hasDpkg)('packages of this machine', () => {
  it('are looked up by the real child', async () => {
    const script = commands.agent.replace('main.js', 'probe-child.js');
    const host = new ProbeHost({ clock: systemClock(), log: createLog('silent'), script });
    onTestFinished(() => host.stop());
    const probe = new SoftwareProbe(
      [
        { name: 'C library', match: 'libc6', version: '2.20', required: true },
        { name: 'KEGE station', match: 'kege-station', required: true },
        { name: 'Time machine', match: 'libc6', version: '99', required: false },
      ],
      host,
    );
    expect(await probe.measure(new AbortController().signal)).toEqual({
      kind: 'measured',
      facts: {
        subject: 'software',
        facts: {
          missingRequired: ['KEGE station'],
          missingOptional: ['Time machine'],
          found: 1,
        },
      },
      metrics: {},
    });
  });
});
