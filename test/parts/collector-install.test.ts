import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootTree, canBootTrees } from '../support/booted-tree.ts';
import { hasPart } from '../support/has-part.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
const archive = 'ppe-collector-0.1.0-linux-x64.tar.xz';
/** An archive of 220 MB is made and unpacked three times. */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';

describe.skipIf(!isFull || !hasPart(canBootTrees(), 'systemd-nspawn'))(
  'the installer of the collector, on a system that has no Node',
  { timeout: 600_000 },
  () => {
    it('makes a service that is well, backs up, is updated in place, and says what is wrong', async () => {
      const packages = tempDir();
      const maker = join(root, 'deploy', 'package', 'package.mjs');
      const flags = ['collector', '--quick', '--no-build', '--out', packages];
      const made = spawnSync(process.execPath, [maker, ...flags], { encoding: 'utf8' });
      expect(made).toMatchObject({ status: 0, stderr: '' });
      const tree = await bootTree();
      const folder = join(tree.path, 'media', 'Коллектор 1');
      mkdirSync(folder, { recursive: true });
      copyFileSync(join(root, 'deploy', 'collector', 'install.sh'), join(folder, 'install.sh'));
      const install = "sh '/media/Коллектор 1/install.sh'";
      const nothing = await tree.run(install);
      expect(nothing).toMatchObject({ code: 66 });
      writeFileSync(join(folder, archive), 'torn');
      const torn = await tree.run(install);
      expect(torn).toMatchObject({ code: 65 });
      expect(torn.output).toContain('is damaged');
      expect(await tree.run('ls /opt/ppe-collector')).not.toMatchObject({ code: 0 });

      copyFileSync(join(packages, archive), join(folder, archive));
      const first = await tree.run(install);
      console.log(first.output);
      expect(first).toMatchObject({ code: 0 });
      expect(first.output).toContain('is ready');
      const state = await tree.run(
        'systemctl show ppe-collector -p User -p ActiveState; ps -o user:20= -C node',
      );
      expect(state.output).toContain('ActiveState=active');
      expect(state.output).toMatch(/^ppe-collector\s*$/m);
      // The first backup is made by the unit that makes the nightly ones.
      const backed = await tree.run(
        'systemctl start ppe-collector-backup && systemctl is-active ppe-collector-backup.timer',
      );
      expect(backed).toMatchObject({ code: 0 });
      const names = readdirSync(join(tree.path, 'var', 'backups', 'ppe-collector'));
      expect(names.length).toBeGreaterThan(0);
      const doctor = 'ppe-collector doctor --config /etc/ppe-collector/collector.yaml';
      const well = await tree.run(`${doctor} --backups /var/backups/ppe-collector`);
      console.log(well.output);
      expect(well).toMatchObject({ code: 0 });

      await tree.run("echo 'timeZone: Asia/Tomsk' >> /etc/ppe-collector/collector.yaml");
      const before = await tree.run('cat /var/lib/ppe-collector/collector.key | sha256sum');
      const again = await tree.run(install);
      expect(again).toMatchObject({ code: 0 });
      const after = await tree.run('cat /var/lib/ppe-collector/collector.key | sha256sum');
      expect(after).toEqual(before);
      expect(await tree.run('cat /etc/ppe-collector/collector.yaml')).toMatchObject({
        output: expect.stringContaining('Asia/Tomsk'),
      });
      const killed = await tree.run(
        'systemctl kill -s KILL ppe-collector; sleep 5; systemctl is-active ppe-collector',
      );
      expect(killed.output).toContain('active');

      await tree.run("echo 'port: many' > /etc/ppe-collector/collector.yaml");
      const ill = await tree.run(install);
      expect(ill).toMatchObject({ code: 1 });
      expect(ill.output).toContain('port');
    });
  },
);
