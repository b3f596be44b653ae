import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AgentPeer } from '../support/agent-peer.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';
import { cutLine } from '../support/cut-line.ts';
import { hqCollector, hqRelay } from '../support/hq-collector.ts';
import { providerCut } from '../support/hq-incidents.ts';
import { until } from '../support/processes.ts';
import { enrolMember, relayProcess } from '../support/relay.ts';
import { boardDir } from '../support/board-browser.ts';

const artifacts = join(import.meta.dirname, '..', '.artifacts');
mkdirSync(artifacts, { recursive: true });

describe.skipIf(!hasChromium())('the page of a real relay in Chromium', () => {
  it(
    'tells the Штаб of a jam in a room while the collector is gone',
    { timeout: 120_000 },
    async () => {
      const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
      const member = await enrolMember(collector);
      const relay = await relayProcess(collector, { pageDir: boardDir });
      await until(() => relay.status()?.relay?.membersKnown === 1, 'the roster');
      const peer = await AgentPeer.join(relay.url, member);
      let seq = 0;
      let verdicts: Heartbeat['verdicts'] = [];
      const beat = (): void => peer.send(peer.heartbeat((seq += 1), { verdicts }));
      const beats = setInterval(beat, 1_000);
      onTestFinished(() => clearInterval(beats));

      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${relay.pagePort}/`);
      await page.getByText('ППЭ 0042').waitFor();
      await page.getByTestId('uplink').getByText('Связь с ситуационным центром есть').waitFor();
      const room = page.getByTestId('room-0012');
      await room.getByTestId('cell-pc').getByText('на связи').waitFor();

      await collector.stop();
      await page
        .getByTestId('uplink')
        .getByText(/Связ[ьи] с ситуационным центром (нет|уст)/)
        .waitFor();
      verdicts = [{ id: 'printer.state', verdict: 'fail', reason: 'jam', evidence: {}, ageMs: 0 }];
      const cause = page.getByTestId('cause-jam');
      await cause.getByText('Откройте принтер и уберите замятую бумагу').waitFor();
      await room.getByTestId('cell-printer').getByText('замятие').waitFor();
      await page.screenshot({ path: join(artifacts, 'hq-relay.png') });
      clearInterval(beats);
      peer.leave();
      await page.getByTestId('cause-silent').waitFor({ timeout: 40_000 });
      expect(errors).toEqual([]);
    },
  );

  it(
    'calls with sound for what the situation centre knows, and keeps it while the line is cut',
    { timeout: 120_000 },
    async () => {
      const collector = await hqCollector();
      const line = await cutLine(collector.url);
      const relay = await hqRelay(collector, { uplinkUrl: line.url, pageDir: boardDir });
      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      // What is really given to the sound card, by its start.
      await page.addInitScript(() => {
        type Start = (this: OscillatorNode, when?: number) => void;
        const begin: Start = Reflect.get(OscillatorNode.prototype, 'start');
        OscillatorNode.prototype.start = function start(when) {
          document.documentElement.dataset.tones = `${tonesOf() + 1}`;
          begin.call(this, when);
        };
        function tonesOf(): number {
          return Number(document.documentElement.dataset.tones ?? 0);
        }
      });
      const tones = (): Promise<number> =>
        page.evaluate(() => Number(document.documentElement.dataset.tones ?? 0));
      await page.goto(`http://127.0.0.1:${relay.pagePort}/`);
      const list = page.getByTestId('hq-incidents');
      await list.getByText('открытых инцидентов здесь нет').waitFor();
      const sound = page.getByTestId('sound');
      await sound.getByText('Браузер не разрешил звук — нажмите сюда').waitFor();
      await sound.click();
      await sound.getByText('Звук включён').waitFor();
      const greeted = await tones();
      expect(greeted).toBeGreaterThan(0);

      const openedAtMs = Date.now();
      const cut = providerCut(17, { openedAtMs, acknowledgedAtMs: null, assignee: null });
      collector.open([cut]);
      await page
        .getByTestId('incident-i-17')
        .getByText(/никто не принял/)
        .waitFor();
      await until(async () => (await tones()) === greeted + 2, 'two tones');
      collector.open([{ ...cut, acknowledgedAtMs: Date.now(), assignee: 'provider' }]);
      await page
        .getByTestId('incident-i-17')
        .getByText(/принят в .*провайдер/)
        .waitFor();
      await page.screenshot({ path: join(artifacts, 'hq-incidents.png') });

      line.cut();
      await list.getByText(/Ситуационный центр не видит нас с \d\d:\d\d/).waitFor();
      expect(await page.getByTestId('incident-i-17').isVisible()).toBe(true);
      await page.screenshot({ path: join(artifacts, 'hq-incidents-cut.png') });
      await sound.click();
      await page.reload();
      await page.getByTestId('sound').getByText('Звук выключен').waitFor();
      expect(errors).toEqual([]);
    },
  );
});
