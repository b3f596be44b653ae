import { copyFileSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bootPc, whyNotBooted, type BootedPc } from '../support/booted-pc.ts';
import { hasPart } from '../support/has-part.ts';
import { makePackage } from '../support/package-build.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const UNIT = 'ppe-pulse-agent.service';
const SETTINGS = '/etc/ppe-pulse/agent.yaml';
const DROP_IN = `/etc/systemd/system/${UNIT}.d/settings.conf`;
const PASSWORD = 'пароль камеры 4711';
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const why = isFull ? whyNotBooted() : undefined;

/** Settings with a password, of a PC whose collector is away. */
const settings = JSON.stringify({
  collector: { url: 'ws://127.0.0.1:1', publicKey: 'A'.repeat(43) },
  cameras: [{ url: 'rtsp://127.0.0.1:1/live', username: 'viewer', password: PASSWORD }],
});

/** Says nothing of files to hand over, as the one of Astra Linux 1.7. */
const OLD_SYSTEMCTL = `#!/bin/sh
[ "$1" != --version ] || { echo 'systemd 241 (241-7+deb10u8)'; exit 0; }
exec /usr/bin/systemctl "$@"
`;

async function install(pc: BootedPc): Promise<void> {
  await pc.sh('dpkg -i /tmp/agent.deb');
}

/** The user that the service runs as, once it has read its settings and beats. */
async function userOfService(pc: BootedPc): Promise<number> {
  const said = async (): Promise<string> => pc.sh(`systemctl show ${UNIT} -p StatusText --value`);
  await pc.sh(`systemctl restart ${UNIT}`).catch(async (error: unknown) => {
    throw new Error(await pc.sh(`journalctl -u ${UNIT} -n 20 --no-pager`), { cause: error });
  });
  await until(async () => (await said()).startsWith('link '), 'a heartbeat');
  const uid = Number(await pc.sh(`stat -c %u /proc/$(systemctl show ${UNIT} -p MainPID --value)`));
  // The range that systemd gives to users who exist for one service.
  expect(uid).toBeGreaterThanOrEqual(61_184);
  expect(uid).toBeLessThanOrEqual(65_519);
  return uid;
}

/** Whether an ordinary user finds the password in a file. */
async function isReadByOthers(pc: BootedPc, path: string): Promise<boolean> {
  const command = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'cat', path];
  const { code, output } = await pc.run(command[0] ?? '', ...command.slice(1));
  return code === 0 && output.includes(PASSWORD);
}

describe.skipIf(!isFull || !hasPart(why === undefined, why ?? ''))(
  'the settings of the service, with passwords in them',
  { timeout: 400_000 },
  () => {
    it('are of root alone and handed over to the service, by old systemd as by new', async () => {
      const deb = makePackage('deb', tempDir());
      const pc = await bootPc();
      onTestFinished(() => pc.stop());
      copyFileSync(deb, pc.path('/tmp/agent.deb'));
      await install(pc);
      await pc.sh(`cat > ${SETTINGS} <<'END'\n${settings}\nEND`);
      expect(await pc.sh(`stat -c '%a %u' ${SETTINGS}`)).toBe('600 0\n');
      await userOfService(pc);
      const handed = `/run/credentials/${UNIT}/agent.yaml`;
      for (const path of [SETTINGS, handed])
        expect([path, await isReadByOthers(pc, path)]).toEqual([path, false]);
      // Where it is open, the question finds it: the answer above means something.
      await pc.sh(`chmod 644 ${SETTINGS}`);
      expect(await isReadByOthers(pc, SETTINGS)).toBe(true);

      // The unit as a systemd before 247 reads it, and the package as it is installed there.
      await pc.sh(`cat > /usr/local/bin/systemctl <<'END'\n${OLD_SYSTEMCTL}END`);
      await pc.sh('chmod 755 /usr/local/bin/systemctl');
      await pc.sh('PATH=/usr/local/bin:$PATH dpkg -i /tmp/agent.deb');
      expect(await pc.sh(`stat -c %a ${SETTINGS}`)).toBe('600\n');
      const unit = `/lib/systemd/system/${UNIT}`;
      await pc.sh(`sed -i '/^LoadCredential=/d' ${unit} && systemctl daemon-reload`);
      const uid = await userOfService(pc);
      const copy = '/run/ppe-pulse-agent/agent.yaml';
      expect(await pc.sh(`stat -c '%a %u' ${copy}`)).toBe(`400 ${uid}\n`);
      expect(await isReadByOthers(pc, copy)).toBe(false);
      expect(readFileSync(pc.path(DROP_IN), 'utf8')).toContain('ExecStartPre=+');

      await pc.sh('dpkg --purge ppe-pulse-agent');
      const left = await pc.run('sh', '-c', `ls -d ${DROP_IN} ${DROP_IN}/.. ${SETTINGS} ${copy}`);
      expect(left.output).not.toMatch(/^\//m);
    });
  },
);
