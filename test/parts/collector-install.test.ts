import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bootPc, whyNotBooted } from '../support/booted-pc.ts';
import { hasPart } from '../support/has-part.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
const archive = 'ppe-collector-0.1.0-linux-x64.tar.xz';
const SERVER = 'booted-server';
const MEDIA = '/media/Коллектор 1';
/** An archive of 220 MB is made and unpacked three times. */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';

const why = whyNotBooted(SERVER);

describe.skipIf(!isFull || !hasPart(why === undefined, why ?? ''))(
  'the installer of the collector, on a system that has no Node',
  { timeout: 600_000 },
  () => {
    it('makes a service that is well, backs up, is updated in place, and says what is wrong', async () => {
      const packages = tempDir();
      const maker = join(root, 'deploy', 'package', 'package.mjs');
      const flags = ['collector', '--quick', '--no-build', '--out', packages];
      const made = spawnSync(process.execPath, [maker, ...flags], { encoding: 'utf8' });
      expect(made).toMatchObject({ status: 0, stderr: '' });
      const folder = tempDir();
      const pc = await bootPc({ tree: SERVER, drives: { [MEDIA]: folder } });
      onTestFinished(() => pc.stop());
      copyFileSync(join(root, 'deploy', 'collector', 'install.sh'), join(folder, 'install.sh'));
      const install = `sh '${MEDIA}/install.sh'`;
      const nothing = await pc.typed(install);
      expect(nothing).toMatchObject({ code: 66 });
      writeFileSync(join(folder, archive), 'torn');
      const torn = await pc.typed(install);
      expect(torn).toMatchObject({ code: 65 });
      expect(torn.output).toContain('is damaged');
      expect(await pc.typed('ls /opt/ppe-collector')).not.toMatchObject({ code: 0 });

      copyFileSync(join(packages, archive), join(folder, archive));
      const first = await pc.typed(install);
      console.log(first.output);
      expect(first).toMatchObject({ code: 0 });
      expect(first.output).toContain('is ready');
      const state = await pc.typed(
        'systemctl show ppe-collector -p User -p ActiveState; ' +
          'ps -o user:20= -p "$(systemctl show ppe-collector -p MainPID --value)"',
      );
      expect(state.output).toContain('ActiveState=active');
      expect(state.output).toMatch(/^ppe-collector\s*$/m);
      // The first backup is made by the unit that makes the nightly ones.
      const backed = await pc.typed(
        'systemctl start ppe-collector-backup && systemctl is-active ppe-collector-backup.timer',
      );
      expect(backed).toMatchObject({ code: 0 });
      const names = readdirSync(pc.path('var/backups/ppe-collector'));
      expect(names.length).toBeGreaterThan(0);
      const doctor = 'ppe-collector doctor --config /etc/ppe-collector/collector.yaml';
      const well = await pc.typed(`${doctor} --backups /var/backups/ppe-collector`);
      console.log(well.output);
      expect(well).toMatchObject({ code: 0 });

      await pc.typed("echo 'timeZone: Asia/Tomsk' >> /etc/ppe-collector/collector.yaml");
      const before = await pc.typed('cat /var/lib/ppe-collector/collector.key | sha256sum');
      const again = await pc.typed(install);
      expect(again).toMatchObject({ code: 0 });
      const after = await pc.typed('cat /var/lib/ppe-collector/collector.key | sha256sum');
      expect(after).toEqual(before);
      expect(await pc.typed('cat /etc/ppe-collector/collector.yaml')).toMatchObject({
        output: expect.stringContaining('Asia/Tomsk'),
      });
      const killed = await pc.typed(
        'systemctl kill -s KILL ppe-collector; sleep 5; systemctl is-active ppe-collector',
      );
      expect(killed.output).toContain('active');

      await pc.typed("echo 'port: many' > /etc/ppe-collector/collector.yaml");
      const ill = await pc.typed(install);
      expect(ill).toMatchObject({ code: 1 });
      expect(ill.output).toContain('port');
    });
  },
);
