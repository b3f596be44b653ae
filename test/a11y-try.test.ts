import { it } from 'vitest';
import { beforeDay, calm, flood, work, zeroSites } from './support/theatre/scenes.ts';
import { seat } from './support/theatre/seat.ts';
import { theatre } from './support/theatre/theatre.ts';
import { violationsOf } from './support/axe.ts';

const print = (what: string, all: string[], ms: number) =>
  console.log(`${what} ${Math.round(ms)} ms: ${all.length}\n` + all.slice(0, 40).join('\n'));

it('walls', { timeout: 150_000 }, async () => {
  for (const make of [work, calm, flood, beforeDay, zeroSites]) {
    const stage = await theatre(make({ rooms: 6 }));
    const { page, pass } = await seat(stage);
    for (const path of ['/', '/?theme=light&lang=en', '/?density=hall', '/?view=country']) {
      if (path !== '/') {
        await page.goto(stage.url + path);
        await page.locator('.shell-live').waitFor();
        await pass(600);
      }
      const from = performance.now();
      print(`${make.name} ${path}`, await violationsOf(page, pass), performance.now() - from);
    }
    if (make === work) {
      for (const path of ['/', '/?theme=light&lang=en']) {
        await page.goto(stage.url + path);
        await page.locator('.shell-live').waitFor();
        await pass(600);
        await pass(16_000);
        print('stale', await violationsOf(page, pass), 0);
      }
      await stage.wire.drop();
      await pass(3_000);
      print('lost', await violationsOf(page, pass), 0);
    }
    await page.context().browser()?.close();
  }
});
