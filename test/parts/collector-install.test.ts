import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bootPc, whyNotBooted, type BootedPc } from '../support/booted-pc.ts';
import { hasPart } from '../support/has-part.ts';
import { everythingIn, makePackage, root } from '../support/package-build.ts';
import { tempDir } from '../support/temp-dir.ts';

const archive = 'ppe-collector-0.1.0-linux-x64.tar.xz';
const SERVER = 'booted-server';
const MEDIA = '/media/Коллектор 1';
const SETTINGS = '/etc/ppe-collector/collector.yaml';
const NAME = 'pulse.region.example';
/** An archive of 220 MB is made, and unpacked four times. */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';

const why = whyNotBooted(SERVER);

/** What is between the brackets of a link that leads to a file. */
const LINK = /\]\((?![a-z]+:|#)([^)#\s]+)/g;

describe('the pages that come with the collector', () => {
  it('lead to nothing that is not there', async () => {
    const to = tempDir();
    const maker = pathToFileURL(join(root, 'deploy', 'collector', 'pages.mjs')).href;
    const { putPages } = (await import(maker)) as {
      putPages: (from: string, to: string) => void;
    };
    putPages(root, to);
    const pages = everythingIn(to).filter((each) => each.endsWith('.md'));
    expect(pages).toEqual(
      expect.arrayContaining(['operating', 'access', 'updates'].map((each) => `docs/${each}.md`)),
    );
    const dead = pages.flatMap((page) =>
      [...readFileSync(join(to, page), 'utf8').matchAll(LINK)]
        .map(([, target = '']) => join(to, dirname(page), target))
        .filter((path) => !existsSync(path)),
    );
    expect(dead).toEqual([]);
  });
});

describe.skipIf(!isFull || !hasPart(why === undefined, why ?? ''))(
  'the installer of the collector, on a system that has no Node',
  { timeout: 600_000 },
  () => {
    let packages = '';
    beforeAll(() => {
      packages = mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
      makePackage('collector', packages);
    }, 300_000);
    afterAll(() => rmSync(packages, { recursive: true, force: true }));

    it('makes a service that is well, backs up, is updated in place, and says what is wrong', async () => {
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
      const well = await pc.typed('ppe-collector doctor --backups /var/backups/ppe-collector');
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
        'systemctl kill -s KILL ppe-collector; sleep 5; systemctl is-active ppe-collector || ' +
          'journalctl -u ppe-collector -u ppe-collector-backup -o short-precise -n 30 --no-pager',
      );
      expect(killed.output).toMatch(/^active$/m);

      await pc.typed("echo 'port: many' > /etc/ppe-collector/collector.yaml");
      const ill = await pc.typed(install);
      expect(ill).toMatchObject({ code: 1 });
      expect(ill.output).toContain('port');
    });

    it('is kept by the commands as they are written, from whatever folder', async () => {
      const pc = await bootPc({ tree: SERVER, drives: { [MEDIA]: packages } });
      onTestFinished(() => pc.stop());
      // As operating.md says: the archive has its own installer.
      await pc.sh(`cd /tmp && tar -xJf '${MEDIA}/${archive}' && sh ppe-collector-*/install.sh`);
      const fromRoot = async (line: string) => pc.typed(`cd /root && chmod 700 . && ${line}`);

      expect(await fromRoot('ppe-collector --version')).toMatchObject({ code: 0 });
      expect(await fromRoot('ppe-collector --help')).toMatchObject({ code: 0 });
      expect(await fromRoot('ppe-collector')).toMatchObject({ code: 64 });
      const unsure = await fromRoot('ppe-collector docter');
      expect(unsure).toMatchObject({ code: 64, output: expect.stringContaining('"doctor"') });
      const simulated = await fromRoot('ppe-collector simulate --ppe none');
      expect(simulated.output).toContain('--ppe');
      expect(await fromRoot('ppe-collector doctor')).toMatchObject({
        code: 0,
        output: expect.stringContaining('http://127.0.0.1:8080 and is ready'),
      });
      const nobody = 'setpriv --reuid nobody --clear-groups ppe-collector';
      expect(await pc.typed(`${nobody} --version`)).toMatchObject({ code: 0 });
      const unread = await pc.typed(`${nobody} doctor`);
      expect(unread).toMatchObject({ code: 77, output: expect.stringContaining('sudo') });

      const files = await pc.typed('cd /tmp && ppe-collector registry template forms && ls forms');
      expect(files).toMatchObject({ code: 0, output: expect.stringContaining('.csv') });
      expect(await fromRoot('ppe-collector plan check 2024-05-15')).toMatchObject({ code: 0 });
      const closed = await fromRoot('ppe-collector plan check own.yaml');
      expect(closed).toMatchObject({
        code: 78,
        output: expect.stringMatching(/own\.yaml.*EACCES/),
      });

      expect(await fromRoot(`ppe-collector tls init --name ${NAME}`)).toMatchObject({
        code: 0,
        output: expect.stringContaining('/var/lib/ppe-collector/tls/server.crt'),
      });
      await pc.sh("sed -i 's/^host: .*/host: 0.0.0.0/; s/^port: .*/port: 8443/' " + SETTINGS);
      await started(pc, 'restart');
      const served = await fromRoot('ppe-collector doctor');
      console.log(served.output);
      expect(served).toMatchObject({ code: 0, output: expect.stringContaining(':8443 and is') });
      expect((await fromRoot('ppe-collector user list')).output).toMatch(/^admin /m);
      const link = await fromRoot('ppe-collector user link admin');
      console.log(link.output);
      expect(link.output).toMatch(/https:\/\/.*\/sign-in\/.*24 hours/);
      const shown = await pc.sh('journalctl -u ppe-collector -o cat | grep ^board:');
      console.log(shown);
      expect(shown).toMatch(/https:\/\/.*\/sign-in\/.*15 minutes/);

      const key =
        'sha256sum /var/lib/ppe-collector/collector.key /var/lib/ppe-collector/tls/ca.crt';
      const before = await pc.sh(key);
      await pc.sh('systemctl start ppe-collector-backup && systemctl stop ppe-collector');
      await pc.sh('mv /var/lib/ppe-collector /var/lib/ppe-collector.before');
      const newest = '"$(ls -d /var/backups/ppe-collector/*/ | tail -n 1)"';
      const early = await fromRoot(`ppe-collector restore ${newest}`);
      expect(early).toMatchObject({ code: 78, output: expect.stringContaining('make it first') });
      await pc.sh(
        'install -d -m 700 -o ppe-collector -g ppe-collector /var/lib/ppe-collector && ' +
          `cd /root && ppe-collector restore ${newest}`,
      );
      await started(pc, 'start');
      expect(await fromRoot('ppe-collector doctor')).toMatchObject({ code: 0 });
      expect(await pc.sh(key)).toBe(before);

      // Whoever has the stores when it starts keeps it out for that time and no longer.
      await pc.sh(`
        systemctl stop ppe-collector
        ppe-collector serve --host 127.0.0.1 --port 0 >/dev/null 2>&1 &
        other=$!
        until [ "$(cat /var/lib/ppe-collector/collector.pid)" = $other ]; do sleep 0.2; done
        systemctl start ppe-collector
        until journalctl -u ppe-collector -o cat | grep -q 'is in use'; do sleep 0.2; done
        kill $other`);
      await started(pc, 'start');
      expect(await pc.sh('ls -A /root')).not.toContain('data');
    });
  },
);

/** Waits until it listens: doctor would open the stores of one that is still starting. */
async function started(pc: BootedPc, verb: 'start' | 'restart'): Promise<void> {
  const own = '/var/lib/ppe-collector/collector';
  await pc.sh(`
    systemctl ${verb} ppe-collector
    for each in $(seq 60); do
      [ "$(cat ${own}.pid)" = "$(systemctl show -p MainPID --value ppe-collector)" ] &&
        [ ${own}.address -nt ${own}.pid ] && exit 0
      sleep 1
    done
    exit 1`);
}
