import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { boardDir, shoot, signedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';
import { signedUpdate } from '../support/rollout-fleet.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf } from '../support/update-kit.ts';

const signers = [newSigner(), newSigner()];

describe.skipIf(!hasChromium())('rolling a version out in Chromium', () => {
  it(
    'takes a file, begins a stage, shows every word of a PC, pauses by itself and stops',
    { timeout: 120_000 },
    async () => {
      const folder = tempDir();
      writeFileSync(join(folder, 'updates.root'), JSON.stringify(rootOf(signers)));
      const env = { PPE_PULSE_UPDATES_JITTER_SECONDS: '0' };
      const collector = await testCollector({ dataDir: folder, boardDir }, env);
      const identity = newIdentity();
      await enrol(collector, identity);
      const pc = await AgentPeer.connect(collector.url, identity);
      await pc.shakeHands({ capabilities: ['update'] });
      const { page, faults } = await signedIn(collector);
      await page.goto(`${collector.url}/agents`);
      const rollout = page.getByTestId('rollout');
      await rollout.getByText('Обновлений ещё нет').waitFor();

      const forged = join(folder, 'forged.update');
      writeFileSync(forged, signedUpdate(signers.slice(1)));
      const file = rollout.getByLabel('Добавить обновление');
      await file.setInputFiles(forged);
      await rollout.getByText('Подписей меньше, чем нужно').waitFor();
      // What a browser itself says of an answer of 422.
      expect(faults().filter((fault) => !fault.includes('422'))).toEqual([]);
      const good = join(folder, 'ppe-pulse-agent-0.2.0.update');
      writeFileSync(good, signedUpdate(signers));
      await file.setInputFiles(good);
      await page.getByTestId('bundles').getByText('0.2.0').waitFor();

      const form = page.getByTestId('begin-stage');
      await form.getByLabel('Код ППЭ').fill('0042');
      await form.getByRole('button', { name: 'Начать' }).click();
      await form.getByRole('button', { name: 'Точно начать?' }).click();
      const stage = page.getByTestId('stage-1');
      await stage.getByText('0.2.0 · ППЭ 0042 · идёт').waitFor();
      await pc.next('updateOffer');
      const say = (state: string, reason = 'ok'): void =>
        pc.send({ type: 'updateState', version: '0.2.0', state, reason });
      say('fetching');
      await stage.getByText('скачивает').waitFor();
      await shoot(page, 'rollout-running');
      say('staged');
      say('rolledBack', 'notConnected');
      await stage
        .getByRole('alert')
        .getByText(/Приостановлено само/)
        .waitFor();
      await page
        .getByTestId('update-troubles')
        .getByText(/новая версия не вышла на связь/)
        .waitFor();
      await shoot(page, 'rollout-paused');
      await stage.getByRole('button', { name: 'Остановить' }).click();
      await stage.getByRole('button', { name: 'Точно остановить?' }).click();
      await stage.getByText('0.2.0 · ППЭ 0042 · остановлено').waitFor();
      await page.getByRole('button', { name: 'Светлая тема' }).click();
      await page.getByRole('button', { name: 'English' }).click();
      await rollout.getByText('0.2.0 · site 0042 · stopped').waitFor();
      await shoot(page, 'rollout-light-en');
    },
  );
});
