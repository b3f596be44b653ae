import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../agent/src/platform/log.ts';
import { LogFile } from '../../agent/src/service/log-file.ts';
import { logFileOf } from '../../agent/src/service/open-log.ts';
import { tempDir } from '../support/temp-dir.ts';

const lines = (path: string): { at?: number; lost?: number }[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { at?: number; lost?: number });

describe('the log file of a service', () => {
  it('is never longer than its cap, keeps one older file and the newest lines', () => {
    const directory = join(tempDir(), 'журнал службы');
    const path = join(directory, 'agent.log');
    const sink = new LogFile(path, 10_000);
    const log = createLog('info', sink);
    let longest = 0;
    for (let at = 1; at <= 1_000; at += 1) {
      log.info({ at }, 'a line of some length');
      longest = Math.max(longest, statSync(path).size);
    }
    sink.close();
    expect(longest).toBeLessThanOrEqual(10_000);
    expect(readdirSync(directory).sort()).toEqual(['agent.1.log', 'agent.log']);
    const all = [...lines(join(directory, 'agent.1.log')), ...lines(path)].map(({ at }) => at ?? 0);
    expect(all.at(-1)).toBe(1_000);
    expect(all).toEqual(all.map((_, index) => (all[0] ?? 0) + index));
    expect(all.length).toBeGreaterThan(80);
  });

  it('goes on in the file of the run before it, and turns a full one over', () => {
    const path = join(tempDir(), 'agent.log');
    writeFileSync(path, '{"at":1}\n');
    const first = new LogFile(path, 10_000);
    first.write('{"at":2}\n');
    first.close();
    expect(lines(path)).toEqual([{ at: 1 }, { at: 2 }]);
    writeFileSync(path, `{"pad":"${'x'.repeat(20_000)}"}\n`);
    const second = new LogFile(path, 10_000);
    second.write('{"at":3}\n');
    second.close();
    expect(lines(path)).toEqual([{ at: 3 }]);
  });

  it('counts lines that cannot be written, and says so when they can be again', () => {
    const directory = tempDir();
    const blocked = join(directory, 'log');
    // A file where the folder should be.
    writeFileSync(blocked, '');
    const path = join(blocked, 'agent.log');
    const sink = new LogFile(path);
    for (let at = 0; at < 7; at += 1) sink.write('{"at":0}\n');
    expect(sink.lost).toBe(7);
    const free = new LogFile(join(directory, 'agent.log'));
    free.write('{"at":1}\n');
    expect(free.lost).toBe(0);
    free.close();
    sink.close();
  });

  it('is for services that nobody listens to', () => {
    const start = { env: {}, pid: 1, platform: 'linux', isService: false } as const;
    const installed = { PPE_PULSE_INSTALL_DIR: '/opt/ppe-pulse-agent' };
    const file = join('/данные', 'log', 'agent.log');
    expect(logFileOf('/данные', start)).toBeUndefined();
    expect(logFileOf('/данные', { ...start, env: installed })).toBe(file);
    const journal = { ...installed, JOURNAL_STREAM: '8:1234' };
    expect(logFileOf('/данные', { ...start, env: journal })).toBeUndefined();
    expect(logFileOf('/данные', { ...start, platform: 'win32' })).toBeUndefined();
    expect(logFileOf('/данные', { ...start, platform: 'win32', isService: true })).toBe(file);
  });
});
