import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../agent/src/platform/log.ts';

function logged(level: string, use: (log: ReturnType<typeof createLog>) => void): unknown[] {
  const lines: string[] = [];
  use(createLog(level, { write: (line) => void lines.push(line) }));
  for (const line of lines) expect(line).toMatch(/^\{.*\}\n$/);
  return lines.map((line) => JSON.parse(line) as unknown);
}

describe('the log of an agent', () => {
  it('says what it is about and when, one line each', () => {
    const beforeMs = Date.now();
    const lines = logged('info', (log) => {
      log.info({ bytes: 7, of: undefined }, 'журнал «ППЭ»\nвторая строка');
      log.error('stopped');
      log.warn({ bytes: 8 });
    });
    const head = { time: expect.any(Number) as number, pid: process.pid };
    expect(lines).toEqual([
      { level: 30, ...head, bytes: 7, msg: 'журнал «ППЭ»\nвторая строка' },
      { level: 50, ...head, msg: 'stopped' },
      { level: 40, ...head, bytes: 8 },
    ]);
    const [{ time } = { time: 0 }] = lines as { time: number }[];
    expect(time).toBeGreaterThanOrEqual(beforeMs);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['trace', [10, 20, 30, 40, 50]],
    ['warn', [40, 50]],
    ['error', [50]],
    ['silent', []],
  ])('of level %s has no quieter lines', (level, expected) => {
    const lines = logged(level, (log) => {
      for (const say of [log.trace, log.debug, log.info, log.warn, log.error]) say('x');
    });
    expect(lines.map((line) => (line as { level: number }).level)).toEqual(expected);
  });

  it('that nobody reads any more stops nobody', { timeout: 30_000 }, async () => {
    const built = join(import.meta.dirname, '..', '..', 'agent', 'dist', 'platform', 'log.js');
    const code = `
      import { createLog } from ${JSON.stringify(pathToFileURL(built).href)};
      const log = createLog('info');
      log.info('first');
      process.stdin.on('data', () => {
        for (let at = 0; at < 1_000; at += 1) log.info({ at }, 'a line that is read by nobody');
        console.log('done');
        process.exit(0);
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [first] = (await once(child.stderr, 'data')) as [Buffer];
    expect(JSON.parse(first.toString())).toMatchObject({ level: 30, pid: child.pid, msg: 'first' });
    const heard = once(child.stdout, 'data');
    child.stderr.destroy();
    await once(child.stderr, 'close');
    child.stdin.write('go\n');
    expect(String((await heard)[0])).toBe('done\n');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});
