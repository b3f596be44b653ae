import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasCamera, startCamera } from '../parts/camera.ts';
import { hasCups, startCups } from '../parts/cups.ts';
import { startEsclSimulator } from '../parts/escl-simulator.ts';
import { hasPulseAudio, microphone, speakers, startPulseAudio } from '../parts/pulseaudio.ts';
import { detailsOf, enrolled } from '../support/agent-process.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';
import { decodePng, encodePalette } from '../support/png.ts';
import { commands, start, until } from '../support/processes.ts';
import { boardDir } from '../support/board-browser.ts';

const artifacts = join(import.meta.dirname, '..', '.artifacts');
const picture = join(import.meta.dirname, '..', '..', 'docs', 'screens', 'workstation.png');
/** With `UPDATE_SCREENS=true` README shows this page, with some history on it. */
const isAsked = process.env.UPDATE_SCREENS === 'true';
/** Shorter than the rehearsed camera plays. */
const HISTORY_MS = 75_000;
const COLOURS = 128;
const hasAll = hasChromium() && hasCups && hasPulseAudio() && hasCamera();

describe.skipIf(!hasAll)('the devices of a room in Chromium', () => {
  it(
    'show verdict, evidence, age and a chart each, from real parts to the page',
    { timeout: 120_000 + (isAsked ? HISTORY_MS : 0) },
    async () => {
      const [cups, camera, scanner, sound] = await Promise.all([
        startCups(),
        startCamera({ onTestFinished }, { pattern: 'snow', audio: true }),
        startEsclSimulator(),
        startPulseAudio(speakers, microphone),
      ]);
      cups.addQueue('usb1');
      const collector = await testCollector({ boardDir }, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
      const { config, id } = await enrolled(
        collector,
        {
          printers: [{ ipp: cups.uri('usb1') }],
          scanners: [{ escl: scanner.url }],
          cameras: [
            { url: camera.url, watch: 'always' },
            { url: 'rtsp://127.0.0.1:1/off', watch: 'always' },
          ],
          sound: { server: sound.address },
        },
        { role: 'organizer', roomCode: '0012' },
      );
      const agent = start(commands.agent, ['run', '--config', config]);
      const reasonOf = async (check: string): Promise<string | undefined> =>
        (await detailsOf(collector, id)).checks.find((each) => each.id === check)?.reason;
      await until(async () => (await reasonOf('printer.state')) === 'idleUnproven', 'a queue');
      cups.say('usb1', 'PAGE: 1 1\nexit 0');
      cups.print('usb1');
      await until(async () => (await reasonOf('printer.state')) === 'ok', 'a page came out');
      cups.say('usb1', 'STATE: +media-jam-error');
      cups.print('usb1');
      await until(async () => (await reasonOf('printer.state')) === 'jam', 'the jam', 30_000);
      await until(async () => (await reasonOf('camera.1.stream')) === 'ok', 'the camera', 30_000);
      await until(async () => (await reasonOf('camera.2.stream')) === 'refused', 'no camera');
      await until(async () => (await reasonOf('scanner.state')) === 'testNever', 'the scanner');
      await until(async () => (await reasonOf('audio.out')) === 'ok', 'the loudspeakers');

      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      page.setDefaultTimeout(10_000);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(collector.url + collector.signInPath());
      await page.goto(`${collector.url}/workstations/${id}`);
      const card = (name: string) => page.getByTestId(`device-${name}`);
      await card('printer-1').getByText('замятие бумаги').first().waitFor();
      await card('printer-1')
        .getByText(/источник: очередь печати/)
        .waitFor();
      await card('camera-1')
        .getByText(/размер: \d+x\d+/)
        .waitFor();
      await card('camera-2').getByText('соединение отклонено').first().waitFor();
      await card('scanner-1').getByText('проверка не проводилась').first().waitFor();
      await card('audio-1').waitFor();
      for (const name of ['printer-1', 'scanner-1', 'camera-1', 'audio-1']) {
        await card(name).scrollIntoViewIfNeeded();
        await card(name)
          .locator('figure.chart:not([data-points="0"]) svg.recharts-surface')
          .first()
          .waitFor();
      }
      if (isAsked) await page.waitForTimeout(HISTORY_MS);
      await shown(page);
      expect(await gapsOf(page)).not.toContain(false);
      expect(errors).toEqual([]);
      agent.kill('SIGTERM');
      await agent.ended;
    },
  );
});

/** A window as high as the page: what sticks to its bottom stands below everything. */
async function shown(page: Page): Promise<void> {
  // Charts are drawn anew for another window, and an incident that comes makes the page higher.
  for (let times = 0; times < 2; times += 1) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: 1920, height });
    await page.waitForTimeout(1_000);
  }
  const file = await page.screenshot();
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, 'devices.png'), file);
  if (isAsked) writeFileSync(picture, encodePalette(decodePng(file), COLOURS));
}

/** For each chart with a history: true where its times stand below the lowest of its values. */
async function gapsOf(page: Page): Promise<boolean[]> {
  return page.locator('figure.chart:not([data-points="0"])').evaluateAll((charts) =>
    charts.map((chart) => {
      const boxesOf = (axis: string): DOMRect[] =>
        [...chart.querySelectorAll(`[class*="recharts-${axis}"] text`)].map((text) =>
          text.getBoundingClientRect(),
        );
      const top = Math.min(...boxesOf('xAxis').map((box) => box.top));
      const bottom = Math.max(...boxesOf('yAxis').map((box) => box.bottom));
      return Number.isFinite(top) && Number.isFinite(bottom) && top >= bottom;
    }),
  );
}
