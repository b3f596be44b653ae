import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testCollector } from '../support/collector.ts';
import {
  examPc,
  getFile,
  plainApi,
  sampleSites,
  shownAt,
  theseDays,
  type ExamPc,
} from '../support/enrolment.ts';
import { commands, runToEnd } from '../support/processes.ts';
import { freePort } from '../support/restartable.ts';
import { tempDir } from '../support/temp-dir.ts';

async function world(more: Readonly<Record<string, unknown>> = theseDays) {
  const dataDir = tempDir();
  const collector = await testCollector({ dataDir });
  const ask = plainApi(collector);
  const [site] = await sampleSites(ask);
  if (!site) throw new Error('the sample has no site');
  const got = await getFile(ask, site.code, more);
  const folder = join(tempDir(), 'Флешка техника 1');
  mkdirSync(folder);
  copyFileSync(got.path, join(folder, `ppe-${site.code}.enrolment.json`));
  return { dataDir, ask, siteCode: site.code, got, folder };
}

/** The command as a person at the PC has it: what he types comes by standard input. */
async function typing(pc: ExamPc, folder: string, answers: string, ...flags: string[]) {
  const args = ['enroll', folder, ...flags, '--config', join(pc.home, 'agent.yaml')];
  const child = spawn(process.execPath, [commands.agent, ...args], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(answers);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

describe('the folder of a flash drive', { timeout: 120_000 }, () => {
  it('enrols with what a person answers, and a second run changes nothing', async () => {
    const { ask, siteCode, folder } = await world();
    const pc = examPc();
    const first = await typing(pc, folder, '12\n7777\n1\n');
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('Аудитория этого ПК (');
    expect(first.output).toContain('Зарегистрировано: w-');
    const record = pc.text('enrolment.json');
    const again = await pc.enroll(folder);
    expect(again).toMatchObject({ code: 0, errors: '' });
    expect(again.output).toContain('Уже зарегистрировано: аудитория 7777');
    expect(pc.text('enrolment.json')).toBe(record);
    const active = (await shownAt(ask, siteCode)).filter(({ state }) => state === 'active');
    expect(active).toMatchObject([{ roomCode: '7777' }]);
  });

  it('says in one line what is missing, or too much, or not answered', async () => {
    const { got, folder } = await world();
    const pc = examPc();
    const silent = await pc.enroll(folder);
    expect(silent).toMatchObject({ code: 64 });
    expect(silent.errors).toContain('укажите место');
    copyFileSync(got.path, join(folder, 'ppe-other.enrolment.json'));
    const two = await pc.enroll(folder);
    expect(two).toMatchObject({ code: 78 });
    expect(two.errors).toMatch(/несколько файлов регистрации: ppe-\d{4}.*, ppe-other/);
    const none = await pc.enroll(tempDir());
    expect(none).toMatchObject({ code: 78 });
    expect(none.errors).toContain('нет файла регистрации ППЭ');
  });

  it('takes a request to the Штаб and its answer back, when nobody answers on the line', async () => {
    const { dataDir, ask, siteCode, folder } = await world({
      ...theseDays,
      urls: [`ws://127.0.0.1:${await freePort()}`],
    });
    const place = ['--room', '7777', '--role', 'hq', '--duty', 'main'];
    const pc = examPc();
    const there = await typing(pc, folder, '\n', ...place);
    expect(there).toMatchObject({ code: 75 });
    expect(there.output).toContain('отнесите флешку в Штаб');
    const request = readdirSync(folder).find((each) => each.includes('enrolment-request'));
    // Whoever has a line hands it on: here the coordinator, beside the collector.
    const credential = (request ?? '').replace('.enrolment-request.json', '.credential.json');
    const accepted = await runToEnd(commands.collector, [
      'enroll',
      'accept',
      join(folder, request ?? ''),
      '--out',
      join(folder, credential),
      '--data',
      dataDir,
    ]);
    expect(accepted).toMatchObject({ code: 0 });
    // Nobody is asked for the place a second time.
    const back = await pc.enroll(folder);
    expect(back).toMatchObject({ code: 0, errors: '' });
    expect(back.output).toContain('На флешке есть свидетельство для этого ПК');
    expect(readdirSync(folder)).toEqual([`ppe-${siteCode}.enrolment.json`]);
    expect(existsSync(join(pc.dataDir, 'enrolment.json'))).toBe(true);
    expect(await shownAt(ask, siteCode)).toContainEqual(
      expect.objectContaining({ state: 'active', way: 'drive' }),
    );
    expect(readFileSync(join(pc.dataDir, 'placement.json'), 'utf8')).toContain('7777');
  });
});
