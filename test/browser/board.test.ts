import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { buildIdOf } from '../../server/src/build-id.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { boardDir, shoot, watch } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';

describe.skipIf(!hasChromium())('board in Chromium', () => {
  it(
    'opens by a one-time link, shows a workstation, sees a value change and the line go',
    { timeout: 90_000 },
    async () => {
      const collector = await testCollector({ boardDir });
      const identity = newIdentity();
      await enrol(collector, identity);
      const peer = await AgentPeer.join(collector.url, identity);
      peer.send(peer.heartbeat(1));
      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      const faults = watch(page, collector.url);

      const response = await page.goto(collector.url + collector.signInPath());
      const policy = response?.headers()['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(page.url()).toBe(`${collector.url}/`);
      await page.getByTestId('tile-0042').waitFor();
      await page.getByText('Отклонений нет').waitFor();
      await shoot(page, 'wall', false);

      await page.goto(`${collector.url}/workstations/${identity.agentId}`);
      const rtt = page.getByTestId('metric-net.rtt.ms');
      await rtt.getByText('21 мс').waitFor();
      const slow: Partial<Heartbeat> = {
        metrics: { 'net.rtt.ms': 345 },
        verdicts: [
          {
            id: 'net.rtt',
            verdict: 'warn',
            reason: 'slowReply',
            evidence: { value: 345, warn: 150, fail: 600 },
            ageMs: 0,
          },
        ],
      };
      peer.send(peer.heartbeat(2, slow));
      await rtt.getByText('345 мс').waitFor();
      await page.getByTestId('standing').getByText('внимание').waitFor();
      await page.locator('figure.chart svg.recharts-surface').first().waitFor();
      await shoot(page, 'workstation', false);

      await page.goto(`${collector.url}/ppe/0042`);
      await page.getByTestId('hq-net.rtt').getByText('345 мс').waitFor();
      // On a busy machine it would have been silent for too long by now.
      peer.send(peer.heartbeat(3, slow));
      await page.goto(collector.url);
      await page.getByTestId('tile-0042').getByText('Отклик сети').waitFor();
      expect(faults()).toEqual([]);

      await collector.stop();
      await page
        .getByRole('alert')
        .getByText('НЕТ СВЯЗИ С КОЛЛЕКТОРОМ')
        .waitFor({ timeout: 10_000 });
      expect(await page.getByTestId('tile-0042').isVisible()).toBe(true);
      await shoot(page, 'lost', false);
    },
  );

  it(
    'tells a browser that nobody signed in what to do, without a form',
    { timeout: 60_000 },
    async () => {
      const collector = await testCollector({ boardDir });
      const browser = await openBrowser();
      const page = await browser.newPage();
      await page.goto(collector.url);
      await page.getByText('Вход не выполнен').waitFor();
      expect(await page.locator('input').count()).toBe(0);
    },
  );
});

describe('board as it is built', () => {
  const assets = (ending: string): { name: string; bytes: Buffer }[] =>
    readdirSync(join(boardDir, 'assets'))
      .filter((name) => name.endsWith(ending))
      .map((name) => ({ name, bytes: readFileSync(join(boardDir, 'assets', name)) }));

  it('loads at most 95 kB of script, 8 kB of style and 80 kB of fonts at first, and no charts', () => {
    const html = readFileSync(join(boardDir, 'index.html'), 'utf8');
    const first = assets('.js').filter(({ name }) => html.includes(name));
    const kB = (files: { bytes: Buffer }[]): number =>
      files.reduce((sum, file) => sum + gzipSync(file.bytes).length, 0) / 1_000;
    expect(kB(first)).toBeLessThanOrEqual(95);
    const styles = assets('.css').filter(({ name }) => html.includes(name));
    // The waiting page's, and the board's.
    expect(styles).toHaveLength(2);
    expect(kB(styles)).toBeLessThanOrEqual(8);
    expect(
      assets('.woff2').reduce((sum, file) => sum + file.bytes.length, 0) / 1_000,
    ).toBeLessThanOrEqual(80);
    for (const { bytes } of first) expect(bytes.toString('utf8')).not.toContain('recharts');
  });

  it('is dark and says that it loads before any file has come, and is compressed once', () => {
    const html = readFileSync(join(boardDir, 'index.html'), 'utf8');
    expect(html).toContain('<body bgcolor="#12161a"');
    expect(html).toContain('ППЭ·Пульс: загружаю табло…');
    expect(html).toContain('<meta name="color-scheme" content="dark" />');
    expect(html).not.toMatch(/<style|<script>|style="/);
    // The relay's page is read from the same PC: nothing is gained by packing it.
    const sent = assets('.js').filter(
      ({ name, bytes }) => bytes.length > 1_000 && !name.startsWith('hq-'),
    );
    for (const { name, bytes } of sent) {
      const packed = readFileSync(join(boardDir, 'assets', `${name}.br`));
      expect(brotliDecompressSync(packed).equals(bytes)).toBe(true);
    }
  });

  it('names its build in the page, for the collector and for the service worker alike', () => {
    const read = (name: string): string => readFileSync(join(boardDir, name), 'utf8');
    const { build } = JSON.parse(read('version.json')) as { build: string };
    expect(build).toMatch(/^[0-9a-f]{12}$/);
    expect(read('index.html')).toContain(`content="${build}"`);
    expect(read('sw.js')).toContain(`BUILD = '${build}'`);
    expect(buildIdOf(boardDir).endsWith(`-${build}`)).toBe(true);
  });

  it('holds no schema compiler and no development build of React', () => {
    for (const { bytes } of assets('.js')) {
      const text = bytes.toString('utf8');
      expect(text).not.toContain('new Function');
      expect(text).not.toContain('react-dom.development');
    }
  });
});
