import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServiceFault, serviceFlags } from '../../agent/src/service/service-control.ts';
import { statusOf, systemdServices } from '../../agent/src/service/systemd-services.ts';
import { systemdUnit } from '../../agent/src/service/systemd-unit.ts';
import { hasPart } from '../support/has-part.ts';
import { commands, runToEnd } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const ANALYZE = '/usr/bin/systemd-analyze';
const NAME = 'ppe-pulse-agent.service';
/** Of `systemd-analyze security`, 0 to 10: the package’s unit is held to the same. */
const MAX_EXPOSURE = 1.5;

function analyse(...args: readonly string[]) {
  const done = spawnSync(ANALYZE, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return { code: done.status, output: done.stdout + done.stderr };
}

/** A portable folder with a runtime that exists, in a place that needs quotes. */
function portable() {
  const folder = join(tempDir(), 'Программы ППЭ', '100% $Пульс');
  mkdirSync(folder, { recursive: true });
  const runtime = join(folder, 'node');
  writeFileSync(runtime, '#!/bin/sh\n');
  chmodSync(runtime, 0o755);
  const config = join(folder, 'agent.yaml');
  writeFileSync(config, '{}');
  const flags = serviceFlags(new Set(['--disable-sigusr1']));
  const script = join(folder, 'launcher.mjs');
  return { runtime, flags, script, config, dataDir: join(folder, 'data') };
}

function written(text: string): string {
  const path = join(tempDir(), NAME);
  writeFileSync(path, text);
  return path;
}

describe('the unit of an agent in a folder', () => {
  const analysing = hasPart(existsSync(ANALYZE), 'systemd-analyze (package systemd)');

  it.skipIf(!analysing).each([true, false])(
    'is one that systemd understands, with paths of any letters; handed settings over: %s',
    (hasCredentials) => {
      const text = systemdUnit(portable(), { hasCredentials });
      const verified = analyse('verify', '--recursive-errors=no', written(text));
      expect(verified).toEqual({ code: 0, output: '' });
      const broken = written(text.replace('Type=notify', 'Type=notifly'));
      expect(analyse('verify', '--recursive-errors=no', broken).output).toContain('notifly');
    },
  );

  it('asks for what the unit of the package asks for, but for where it lies', () => {
    const own = /^(?:Description|ExecStart|LoadCredential|ProtectHome|WorkingDirectory)=/;
    const settings = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => /^[A-Z]\w+=/.test(line) && !own.test(line))
        .toSorted();
    const packaged = join(import.meta.dirname, '..', '..', 'deploy', 'systemd', NAME);
    const text = systemdUnit(portable(), { hasCredentials: true });
    expect(settings(text)).toEqual(settings(readFileSync(packaged, 'utf8')));
  });

  it.skipIf(!analysing)('leaves the service little that it could harm', () => {
    const unit = written(systemdUnit(portable(), { hasCredentials: true }));
    const { output } = analyse('security', '--offline=true', '--no-pager', unit);
    const exposure = Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(output)?.[1]);
    console.log(`exposure of the portable unit: ${exposure}`);
    expect(exposure).toBeLessThanOrEqual(MAX_EXPOSURE);
  });

  it('reads what systemd tells of it', () => {
    const shown = [
      'Type=notify',
      'MainPID=4242',
      'ExecStart={ path=/opt/п/node ; argv[]=/opt/п/node --jitless run ; ignore_errors=no ; start_time=[n/a] }',
      'LoadState=loaded',
      'ActiveState=active',
      'UnitFileState=enabled',
    ].join('\n');
    expect(statusOf(shown)).toEqual({
      installed: true,
      state: 'running',
      startsAtBoot: true,
      pid: 4_242,
      command: '/opt/п/node --jitless run',
    });
    expect(statusOf(shown.replace('loaded', 'not-found')).state).toBe('absent');
    expect(statusOf(shown.replace('=active', '=failed').replace('4242', '0'))).toMatchObject({
      state: 'failed',
      pid: null,
    });
  });

  it.skipIf(existsSync('/run/systemd/system'))(
    'a machine without a service manager is told so in one line',
    async () => {
      expect(() => systemdServices()).toThrow(ServiceFault);
      const done = await runToEnd(commands.agent, ['service', 'install', '--lang', 'en']);
      expect(done).toMatchObject({ code: 1, output: '' });
      expect(done.errors).toMatch(/^ppe-agent: no service manager here[^\n]*\n$/);
      const json = await runToEnd(commands.agent, ['service', 'status', '--json']);
      expect(JSON.parse(json.output)).toEqual({ fault: 'noManager', detail: '' });
      const wrong = await runToEnd(commands.agent, ['service', 'restart']);
      expect(wrong).toMatchObject({
        code: 64,
        errors: expect.stringContaining('install, uninstall, start, stop, status'),
      });
    },
  );
});
