import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { detailsOf, isHeard } from '../support/agent-process.ts';
import { shownAt } from '../support/enrolment.ts';
import { until } from '../support/processes.ts';
import {
  KEYS,
  SERVICE,
  bareWindows,
  batch,
  installLog,
  leftOf,
  tellUnverified,
} from './windows-agent.ts';
import { whyNoWindows, type WindowsPc } from './windows-pc.ts';

const FOLDER = ['Программы ППЭ', 'Пульс агент'] as const;
const INSTALLED = `C:\\${FOLDER.join('\\')}`;
const STOP_MS = 5_000;
const MINUTES_MS = 60_000;

/** What wine makes up or lacks. */
const UNVERIFIED = [
  'restart of the service by the recovery actions of Windows',
  'the rights of LocalService at printers, scanners and cameras',
  'entries of the event log as its viewer shows them',
  'that no console window appears',
  'antivirus, AppLocker and SmartScreen; the signature of node.exe',
  'the MSI by group policy, and over an older one whose files are in use',
  'memory and CPU on Windows',
];

/** The agent's command for people, by the runtime that was installed. */
const agent = async (pc: WindowsPc, words: string) =>
  batch(pc, `${INSTALLED}\\ppe-agent.cmd`, words);

/** How long a service program took, ms: with a name that no service has, the program alone. */
async function timed(pc: WindowsPc, verb: 'start' | 'stop', service: string) {
  const fromMs = performance.now();
  const { code } = await pc.run('net', verb, service);
  return { code, tookMs: performance.now() - fromMs };
}

describe('the installer and the service, on Windows as far as wine 10 is one', () => {
  beforeAll(() => {
    const why = whyNoWindows();
    if (why !== undefined) throw new Error(why);
  });

  it(
    'installs silently where a path has Cyrillic and spaces, is heard, says goodbye, leaves nothing',
    async () => {
      const made = await bareWindows('windows.txt');
      const { record, setup: installer, collector, ask, code, enrolment, pc, before } = made;
      mkdirSync(join(pc.shared, 'Флешка ППЭ'));
      copyFileSync(enrolment, join(pc.shared, 'Флешка ППЭ', `ppe-${code}.enrolment.json`));
      copyFileSync(installer, join(pc.shared, 'Установка агента.exe'));
      const file = `Z:\\shared\\Флешка ППЭ\\ppe-${code}.enrolment.json`;
      const options = `/S /ENROLL="${file}" /ROOM=7777 /ROLE=hq /DUTY=main /D=${INSTALLED}`;
      const setup = await pc.line('Z:\\shared\\Установка агента.exe', options);
      record.note('installer', `exit code ${setup.code}\n${installLog(pc)}`);
      expect({ code: setup.code, log: installLog(pc) }).toMatchObject({ code: 0 });

      const id =
        (await shownAt(ask, code)).find(({ state }) => state === 'active')?.workstationId ?? '';
      await until(async () => isHeard(collector, id), 'heartbeats come', MINUTES_MS);
      const status = await agent(pc, 'service status --json');
      record.note('service status', status.output);
      expect(JSON.parse(status.output)).toMatchObject({ installed: true, state: 'running' });
      expect(JSON.parse(status.output)).toMatchObject({
        command: expect.stringContaining(`"${INSTALLED}\\node.exe"`) as string,
      });

      // The program itself takes its time under wine, and more where others work.
      const program = await timed(pc, 'stop', 'PpePulseNobody');
      const stopped = await timed(pc, 'stop', SERVICE);
      const reason = async () => (await detailsOf(collector, id)).reason;
      await until(async () => (await reason()) === 'saidGoodbye', 'its goodbye', STOP_MS);
      const [all, alone] = [stopped, program].map(({ tookMs }) => `${(tookMs / 1e3).toFixed(1)} s`);
      const said = `exit code ${stopped.code}, ${all}, of that ${alone} «net» itself, goodbye seen`;
      record.note('net stop', said);
      expect(program.code).not.toBe(0);
      expect(stopped.code).toBe(0);
      expect(stopped.tookMs - program.tookMs).toBeLessThan(STOP_MS);

      // «net» of wine does not wait for the end, and starts nothing before it.
      const state = async () =>
        (JSON.parse((await agent(pc, 'service status --json')).output) as { state: string }).state;
      await until(async () => (await state()) === 'stopped', 'it has ended', 2 * STOP_MS);
      expect(await timed(pc, 'start', SERVICE)).toMatchObject({ code: 0 });
      await until(async () => isHeard(collector, id), 'it is back', MINUTES_MS);
      // What is looked for can be found: files, the keys of the installer, the service and the event log.
      const there = await leftOf(pc, before);
      expect(there).toEqual(expect.arrayContaining([`${FOLDER.join('/')}/node.exe`, ...KEYS]));
      const removed = await pc.line(`${INSTALLED}\\uninstall.exe`, '/S');
      await until(() => !existsSync(pc.drive(...FOLDER)), 'the program is gone', MINUTES_MS);
      await until(async () => (await leftOf(pc, before)).length === 0, 'nothing is left').catch(
        async (error: unknown) => {
          throw new Error((await leftOf(pc, before)).join('\n'), { cause: error });
        },
      );
      record.note('uninstall', `exit code ${removed.code}, left: nothing`);
      tellUnverified(record, UNVERIFIED);
    },
    10 * MINUTES_MS,
  );
});
