import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planJsonSchema } from '@ppe-pulse/protocol';
import { checkPlanText } from '../../server/src/plan/check-plan-text.ts';
import {
  shippedPlanFile,
  shippedPlanIds,
  shippedPlansDir,
} from '../../server/src/plan/shipped-plans.ts';
import { planServer } from '../support/plan-server.ts';
import { shortPlan } from '../support/plans.ts';
import { runCollector as run } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Long after any plan of these tests: dates are judged by the machine’s own clock here. */
const plan = shortPlan.replace('id: short', 'id: short\narchive: true');

function planFile(text: string): string {
  const path = join(tempDir(), 'plan.yaml');
  writeFileSync(path, text);
  return path;
}

describe('the plans of order № 668', () => {
  it('are shipped, both, and found wherever the collector is built', () => {
    expect(shippedPlanIds()).toEqual(['2024-03-05', '2024-05-15']);
    expect(shippedPlanFile('2024-03-05')).toBe(join(shippedPlansDir, '2024-03-05.yaml'));
    expect(shippedPlanFile('../2024-03-05')).toBeUndefined();
    expect(shippedPlansDir).toBe(join(import.meta.dirname, '..', '..', 'server', 'plans'));
  });

  it.each(shippedPlanIds())('%s passes the check, by its id and by its file', async (id) => {
    const file = shippedPlanFile(id) ?? '';
    for (const name of [id, file]) {
      const { code, out } = await run('plan', 'check', name);
      expect(out).toEqual([
        expect.stringMatching(/2024-0\d-\d\d\.yaml: ok, «Федеральная апробация/),
      ]);
      expect(code).toBe(0);
    }
    const text = readFileSync(file, 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=plan.schema.json');
  });

  it('say what the order says', () => {
    const [march, may] = shippedPlanIds().map((id) => {
      const text = readFileSync(shippedPlanFile(id) ?? '', 'utf8');
      const outcome = checkPlanText(text, { nowMs: null, region: null });
      return outcome.ok ? outcome.plan : undefined;
    });
    const technologies = ['em-internet', 'print-full-set', 'scan-in-room', 'speaking', 'kege'];
    const commissions = ['rcoi', 'subject-commission', 'appeal-commission'];
    expect(march).toMatchObject({
      date: '2024-03-05',
      timeZone: 'Asia/Novokuznetsk',
      coordinator: 'Кузбасский центр мониторинга качества образования',
      subjects: ['biology', 'english-written', 'english-speaking', 'informatics-kege'],
      technologies,
      participants: { kinds: ['ppe-early', ...commissions] },
      video: { participants: ['ppe-early', ...commissions], municipal: ['ppe-main'] },
    });
    expect(may).toMatchObject({
      date: '2024-05-15',
      subjects: ['russian', 'english-speaking', 'informatics-kege'],
      technologies,
      participants: { kinds: ['ppe-main', ...commissions] },
      video: { participants: ['ppe-main', ...commissions], municipal: [] },
    });
    const russian = may?.exams.find(({ subject }) => subject === 'russian');
    expect(russian).toEqual({
      subject: 'russian',
      kind: 'written',
      startAt: '10:00',
      durationMinutes: 210,
    });
    for (const each of [march, may])
      expect(each?.exams.find(({ kind }) => kind === 'kege')?.durationMinutes).toBe(235);
  });
});

describe('plan schema', () => {
  it('prints what editors complete plans by, and the shipped file is it', async () => {
    const { code, out } = await run('plan', 'schema');
    expect(code).toBe(0);
    expect(JSON.parse(out.join('\n'))).toEqual(planJsonSchema());
    const file = readFileSync(join(shippedPlansDir, 'plan.schema.json'), 'utf8');
    // When this fails: ppe-collector plan schema > server/plans/plan.schema.json
    expect(JSON.parse(file)).toEqual(planJsonSchema());
    expect(file).not.toContain('expects');
  });
});

describe('plan check', () => {
  it('prints a line for every problem and exits 78', async () => {
    const path = planFile(`${plan}stages: { printng: {} }\n`);
    expect(await run('plan', 'check', path)).toEqual({
      code: 78,
      out: [
        `${path}:10:11: error: stages.printng: unknown key "printng"; did you mean "printing"?`,
      ],
      err: [],
    });
    const russian = await run('plan', 'check', path, '--language', 'ru');
    expect(russian.out).toEqual([
      `${path}:10:11: ошибка: stages.printng: неизвестный ключ "printng"; может быть, "printing"?`,
    ]);
  });

  it('prints warnings and exits 0', async () => {
    const path = planFile(`${plan}technologies: [kege]\n`);
    const { code, out } = await run('plan', 'check', path);
    expect(code).toBe(0);
    expect(out[0]).toContain(':10:16: warning: technologies.0: the technology kege');
    expect(out[1]).toBe(`${path}: ok, «Апробация», 2026-05-20, exams: 1`);
  });

  it('prints JSON for scripts', async () => {
    const path = planFile(`${plan}print: { pagesPerSet: 0 }\n`);
    const { code, out } = await run('plan', 'check', path, '--json');
    expect(code).toBe(78);
    expect(JSON.parse(out.join(''))).toMatchObject({
      file: path,
      ok: false,
      problems: [{ reason: 'outOfRange', path: 'print.pagesPerSet', line: 10, column: 23 }],
    });
  });

  it('takes an old date when it is told to', async () => {
    const path = planFile(shortPlan.replace('2026-05-20', '2020-05-20'));
    expect((await run('plan', 'check', path)).out[0]).toContain('write archive: true');
    expect((await run('plan', 'check', path, '--allow-old')).code).toBe(0);
  });

  it.each([
    [
      ['plan', 'check'],
      64,
      'plan check needs a file, or the id of a shipped plan: 2024-03-05, 2024-05-15',
    ],
    [['plan', 'chek', 'x'], 64, 'unknown "plan chek", did you mean "plan check"?'],
    [['plan', 'export'], 64, 'unknown "plan export"'],
    [['plan', 'check', 'no-such.yaml'], 78, 'no-such.yaml: cannot be read (ENOENT)'],
    [['plan', 'check', '.'], 78, '.: cannot be read (EISDIR)'],
    [['plan', 'check', '2024-05-15', '--alow-old'], 64, 'Unknown option'],
    [['plan', 'check', 'X', '--language', 'de'], 64, '--language needs ru or en'],
  ])('%j is one clear line and exits %i', async (args, code, line) => {
    const file = planFile(`${plan}x: 1\n`);
    const done = await run(...args.map((each) => (each === 'X' ? file : each)));
    expect(done.code).toBe(code);
    expect(done.err).toEqual([expect.stringContaining(line)]);
  });

  it('does not read a file of many megabytes', async () => {
    const path = planFile('x'.repeat(4_000_000));
    expect((await run('plan', 'check', path)).err[0]).toContain('4000000 bytes are no plan');
  });
});

describe('plan import', () => {
  it('gives the plan to the running collector and says what changed', async () => {
    const { dataDir, plans } = await planServer();
    const data = ['--data', dataDir];
    const path = planFile(plan);
    const first = await run('plan', 'import', path, ...data, '--note', 'первый');
    expect(first.code).toBe(0);
    expect(first.out[0]).toBe(`${path}: applied as version 1`);
    expect(plans.current()).toMatchObject({ version: 1, text: plan, by: 'admin', note: 'первый' });

    writeFileSync(path, `${plan}stages: { printing: { red: "10:40" } }\n`);
    const change = '  stages.printing.red: 10:30 → 10:40';
    expect((await run('plan', 'import', path, ...data, '--dry-run')).out).toEqual([
      `${path}: would change version 1:`,
      change,
    ]);
    expect(plans.current()?.version).toBe(1);
    expect((await run('plan', 'import', path, ...data)).out).toEqual([
      `${path}: applied as version 2`,
      change,
    ]);
    expect((await run('plan', 'import', path, ...data)).out).toEqual([
      `${path}: holds already, as version 2`,
    ]);
  });

  it('leaves the plan alone when the file has errors, and exits 78', async () => {
    const { dataDir, plans } = await planServer();
    const path = planFile(`${plan}wether: fine\n`);
    const { code, out } = await run('plan', 'import', path, '--data', dataDir);
    expect(code).toBe(78);
    expect(out[0]).toContain(`${path}:10:1: error: wether: unknown key "wether"`);
    expect(out[1]).toBe(`${path}: not applied, version 0 holds on`);
    expect(plans.current()).toBeNull();
  });

  it('takes a shipped plan by its id, and prints JSON', async () => {
    const { dataDir, plans } = await planServer();
    const { code, out } = await run('plan', 'import', '2024-03-05', '--data', dataDir, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({ outcome: 'applied', version: 1 });
    expect(plans.current()?.planId).toBe('2024-03-05');
  });

  it('says so when no collector runs', async () => {
    const dataDir = tempDir();
    const { code, err } = await run('plan', 'import', '2024-03-05', '--data', dataDir);
    expect(code).toBe(78);
    expect(err).toEqual([
      `ppe-collector: no collector runs on ${dataDir}: start it, or name its --data`,
    ]);
    writeFileSync(join(dataDir, 'collector.address'), 'http://127.0.0.1:1\n');
    expect((await run('plan', 'import', '2024-03-05', '--data', dataDir)).err[0]).toContain(
      'no collector runs',
    );
  });
});
