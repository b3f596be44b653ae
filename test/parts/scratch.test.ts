import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { hasWindows, startWindows, type WindowsPc } from './windows.ts';
import { startCups } from './cups.ts';
let pc: WindowsPc;
beforeAll(async () => {
  expect(hasWindows()).toBe(true);
  pc = await startWindows();
}, 120000);
afterAll(() => pc.stop());
describe('x', () => {
  it('cups', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    cups.addQueue('kab_0012');
    cups.say('usb1', 'STATE: +media-jam-error');
    cups.print('usb1', 'Иванов Ivanov');
    const env = { CUPS_SERVER: `127.0.0.1:${cups.port}` };
    const config = join(pc.home, 'настройки агента.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        dataDir: './данные',
        timeZone: 'Asia/Novokuznetsk',
        scanners: [{ usb: '04a9:190f' }],
        software: [{ name: 'KEGE', match: 'Станция*' }],
      }),
    );
    const main = pc.path('main.js');
    for (const args of [
      ['check', '--json'],
      ['inspect', '--json'],
      ['identity', '--json'],
      ['check'],
    ]) {
      const t = performance.now();
      console.log(
        args,
        await pc.node([main, ...args, '--config', pc.path('настройки агента.yaml')], env),
        performance.now() - t,
      );
    }
    for (let i = 0; i < 6; i++)
      console.log((await pc.program('net', 'start', 'spooler')).output, performance.now());
    console.log(
      await pc.ask(
        [
          ['winspool', 'usb1'],
          ['winspool', 'nope'],
          ['$run', ['net', 'stop', 'spooler']],
          ['winspool', 'nope'],
        ],
        env,
      ),
    );
  }, 100000);
});
