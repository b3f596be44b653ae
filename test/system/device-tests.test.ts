import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands, runToEnd } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { startEsclSimulator } from '../parts/escl-simulator.ts';
import { hasPulseAudio, microphone, speakers, startPulseAudio } from '../parts/pulseaudio.ts';
import { hasSane, testScanner } from '../parts/sane.ts';

interface Check {
  readonly id: string;
  readonly verdict: string;
  readonly reason: string;
  readonly evidence: Record<string, unknown>;
}

/** `ppe-agent` with settings of its own. JSON is YAML. */
function agentWith(settings: object) {
  const config = join(tempDir(), 'agent.yaml');
  const configure = (next: object): void => writeFileSync(config, JSON.stringify(next));
  configure(settings);
  return {
    configure,
    run: (...args: string[]) => runToEnd(commands.agent, [...args, '--config', config]),
    async check(id: string): Promise<Check | undefined> {
      const { output } = await runToEnd(commands.agent, ['check', '--json', '--config', config]);
      return (JSON.parse(output) as { checks: Check[] }).checks.find((each) => each.id === id);
    },
  };
}

describe('tests on demand', () => {
  it('are off unless allowed here, and a closed list', async () => {
    const agent = agentWith({ scanners: [{ sane: 'test:0' }] });
    for (const [args, code, word] of [
      [['test', 'scan'], 78, 'tests.allow does not name "scan"'],
      [['test', 'print'], 64, 'test one of scan, sound'],
      [['test'], 64, 'test one of scan, sound'],
      [['test', 'scan', '--lang', 'de'], 64, '--lang'],
    ] as const) {
      const ended = await agent.run(...args);
      expect([ended.code, ended.errors]).toEqual([code, expect.stringContaining(word)]);
      expect(ended.errors.trim().split('\n')).toHaveLength(1);
    }
    agent.configure({ scanners: [{ sane: 'test:0' }], tests: { allow: ['scan'] }, mode: 'quiet' });
    const quiet = await agent.run('test', 'scan');
    expect([quiet.code, quiet.errors]).toEqual([78, expect.stringContaining('mode is "quiet"')]);
    agent.configure({ tests: { allow: ['scan', 'sound'] } });
    expect((await agent.run('test', 'scan')).errors).toContain('name it in agent.yaml');
    expect((await agent.run('test', 'sound')).errors).toContain('sound.server is missing');
    agent.configure({ tests: { allow: ['print'] } });
    expect((await agent.run('test', 'scan')).code).toBe(78);
  });
});

describe.skipIf(!hasSane())('a test scan with the real scanimage', () => {
  it(
    'is remembered and judged; a jam is told, and nothing is scanned while the scanner works',
    {
      timeout: 90_000,
    },
    async () => {
      const scanner = await startEsclSimulator();
      const settings = (saneConfigDir: string) => ({
        scanners: [{ escl: scanner.url, sane: 'test:0', saneConfigDir }],
        tests: { allow: ['scan'] },
      });
      const agent = agentWith(settings(testScanner()));
      expect(await agent.check('scanner.state')).toMatchObject({
        verdict: 'warn',
        reason: 'testNever',
      });
      const good = await agent.run('test', 'scan');
      expect([good.code, good.errors]).toEqual([0, '']);
      expect(good.output).toMatch(/^Сканер: в норме, \d/);
      expect(await agent.check('scanner.state')).toMatchObject({
        verdict: 'ok',
        evidence: { source: 'escl', test: 'ok' },
      });

      scanner.state = 'Processing';
      const busy = await agent.run('test', 'scan', '--json');
      expect(busy.code).toBe(2);
      expect(JSON.parse(busy.output)).toMatchObject({ 'scanner 1': { reason: 'scannerBusy' } });
      scanner.state = 'Idle';
      // A test that did not take place leaves the good one alone.
      expect(await agent.check('scanner.state')).toMatchObject({ verdict: 'ok' });

      agent.configure(settings(testScanner({ 'read-status-code': 'SANE_STATUS_JAMMED' })));
      const jammed = await agent.run('test', 'scan', '--lang', 'en');
      expect(jammed.code).toBe(2);
      expect(await agent.check('scanner.state')).toMatchObject({
        verdict: 'fail',
        reason: 'scannerJam',
      });
    },
  );
});

describe.skipIf(!hasPulseAudio())('a sound check with a real sound server', () => {
  it('tells the level, and what a muted microphone hears', async () => {
    const sound = await startPulseAudio(speakers, microphone);
    const agent = agentWith({ sound: { server: sound.address }, tests: { allow: ['sound'] } });
    const heard = await agent.run('test', 'sound', '--json');
    expect([heard.code, heard.errors]).toEqual([0, '']);
    const { sound: test } = JSON.parse(heard.output) as { sound: { decibels: number } };
    expect(test.decibels).toBeGreaterThan(-8);
    expect(test.decibels).toBeLessThan(-4);
    await sound.pactl('set-source-mute', 'microphone', '1');
    const muted = await agent.run('test', 'sound');
    expect(muted.code).toBe(2);
    expect(muted.output).toMatch(/слишком тихо|нет микрофона/);
  });
});
