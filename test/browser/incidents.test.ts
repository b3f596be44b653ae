import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shoot, signedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { beating, leak, prepared } from '../support/opening-collector.ts';

describe.skipIf(!hasChromium())('incidents in Chromium', () => {
  it(
    'appear on every board, are taken by one click, talked about and closed, live for everybody',
    { timeout: 150_000 },
    async () => {
      const { collector, site } = await prepared();
      const say = await beating(collector, site);
      const { page, faults } = await signedIn(collector);
      await page.getByRole('heading', { name: 'Открытых инцидентов нет' }).waitFor();

      say([leak]);
      const line = page.getByTestId('incidents').getByRole('listitem').first();
      await line.getByText(`ППЭ ${site.code}`).waitFor();
      await line.getByText('критично').waitFor();
      await line.getByText(/никто не взял/).waitFor();
      await page
        .getByTestId(/^untaken-/)
        .first()
        .waitFor();
      // A switch that can be seen says at all times whether anybody would hear it.
      await page
        .getByTestId('sound')
        .getByText(/^Звук: /)
        .waitFor();
      await shoot(page, 'incidents-wall');
      // Where the browser holds the sound back, a real press comes down before it clicks: it must not
      // turn off what it has just allowed.
      await page.addInitScript(() => {
        window.AudioContext = class extends AudioContext {
          constructor() {
            super();
            void this.suspend();
          }
        };
      });
      await page.reload();
      const sound = page.getByTestId('sound');
      await sound.getByText('Звук: браузер не разрешил — нажмите').waitFor();
      await sound.click();
      await sound.getByText('Звук: включён').waitFor();

      const other = await signedIn(collector);
      await other.page.goto(`${collector.url}/incidents`);
      const seen = other.page.getByTestId('incidents').getByRole('listitem').first();
      await seen.getByText(/никто не взял/).waitFor();
      await line.getByRole('button', { name: /^Взял/ }).click();
      await seen.getByText(/^взял: /).waitFor();
      await line.getByText(/^взял: /).waitFor();

      await other.page.keyboard.press('j');
      await other.page.keyboard.press('Enter');
      await other.page.getByTestId('log').getByText('принят в работу').waitFor();
      // Its address is a page of its own, to be sent to somebody.
      await other.page.reload();
      await other.page.getByTestId('log').getByText('принят в работу').waitFor();
      const comment = other.page.getByTestId('comment-form');
      await comment.getByRole('textbox').fill('Отключают кабель');
      await comment.getByRole('button').click();
      await other.page.getByTestId('log').getByText('Отключают кабель').waitFor();
      await other.page.getByText('Звонок в Штаб: не отвечают').click();
      await other.page.getByTestId('log').getByText('звонок: не отвечают').waitFor();
      await other.page.getByText(/Телефон Штаба: \+7/).waitFor();
      expect(await other.page.getByTestId('advice').locator('p').count()).toBe(2);
      await shoot(other.page, 'incidents-one');

      await other.page.getByText('Закрыть', { exact: true }).click();
      const form = other.page.getByTestId('resolve-form');
      await form.getByLabel('Причина').selectOption('fixed');
      await form.getByRole('button').click();
      await line.getByText(/закончилось .*: исправлено/).waitFor();
      await page
        .getByRole('heading', { name: 'Открытых инцидентов нет' })
        .waitFor({ timeout: 30_000 });
      await other.page.goto(`${collector.url}/incidents`);
      await other.page.getByTestId('ended-incidents').getByText('исправлено').waitFor();
      await shoot(other.page, 'incidents-list');
      expect([...faults(), ...other.faults()]).toEqual([]);
    },
  );

  it('are silenced for a while, and every board says so', { timeout: 120_000 }, async () => {
    const { collector, site } = await prepared();
    const say = await beating(collector, site);
    const { page, faults } = await signedIn(collector);
    say([leak]);
    await page.getByTestId('incidents').getByRole('link').first().click();
    await page.getByText('Заглушить это место').click();
    const form = page.getByTestId('silence-form');
    await form.getByLabel('Где').selectOption(`site:${site.code}`);
    await form.getByLabel('Зачем').fill('меняют роутер');
    await form.getByRole('button').click();
    await page
      .getByTestId('silence-badge')
      .getByText(/^заглушено: 1, до /)
      .waitFor();
    await page.goto(collector.url);
    const line = page.getByTestId('incidents').getByRole('listitem').first();
    await line.getByText(/^заглушено до /).waitFor();
    // The wall tells of it in a line of its own; on every other page it is in the bar.
    await page.goto(`${collector.url}/incidents`);
    await page.getByTestId('silence-badge').locator('summary').click();
    await page
      .getByTestId('silence-badge')
      .getByText(/меняют роутер/)
      .waitFor();
    await shoot(page, 'incidents-silenced');
    await page.getByTestId('silence-badge').getByText('Снять').click();
    await page.getByTestId('silence-badge').waitFor({ state: 'detached' });
    await page.goto(collector.url);
    await line.getByText(/никто не взял/).waitFor();
    expect(faults()).toEqual([]);
  });

  it(
    'have receivers that a drill proves, with a receipt and a log of the delivery',
    { timeout: 120_000 },
    async () => {
      const { collector } = await prepared();
      const receiver = await listening();
      const { page, faults } = await signedIn(collector);
      await page.goto(`${collector.url}/alerts`);
      await page.getByText('Получателей нет').waitFor();
      await page.getByText('Добавить получателя').click();
      const form = page.getByTestId('webhook-form');
      await form.getByLabel('Название').fill('Дежурный');
      await form.getByLabel('Вид').selectOption('json');
      await form.getByLabel('Адрес', { exact: true }).fill(receiver.url);
      await form.getByRole('button', { name: 'Сохранить' }).click();
      // Loopback is refused until somebody allows it.
      await form
        .getByRole('alert')
        .getByText(/адрес внутренней сети/)
        .waitFor();
      await form.getByLabel(/внутренней сети/).check();
      await form.getByRole('button', { name: 'Сохранить' }).click();
      const row = page.getByTestId('webhooks').getByRole('listitem').first();
      await row.getByText(/ещё не было/).waitFor();
      await page.getByText('Учебная тревога всем').click();
      await row.getByText(/дошла за/).waitFor();
      expect(receiver.bodies().length).toBe(1);
      const delivery = page.getByTestId('deliveries').getByRole('row').nth(1);
      await delivery.getByText('доставлено').waitFor();
      await delivery.getByText('учебная').waitFor();
      await delivery.getByRole('button', { name: /^Попыток: 1/ }).click();
      await page.getByText('доставлено · ответ 204').waitFor();
      await shoot(page, 'alerts');
      // The browser itself tells its console of the refusal that was asked for.
      expect(faults().filter((fault) => !fault.includes('422'))).toEqual([]);
    },
  );

  it(
    'offer a reload where a page cannot be loaded after an update, and the rest goes on',
    { timeout: 120_000 },
    async () => {
      const { collector } = await prepared();
      const { page } = await signedIn(collector);
      await page.route('**/assets/AlertsPage-*', (route) => route.abort());
      await page.goto(`${collector.url}/incidents`);
      const bar = page.getByTestId('incident-bar');
      await bar.getByRole('link', { name: 'Оповещения' }).click();
      const notice = page.getByRole('alert');
      await notice.getByText(/не открылась/).waitFor();
      await bar.getByRole('link', { name: 'Инциденты' }).click();
      await page.getByRole('heading', { name: 'Инциденты' }).waitFor();
      await bar.getByRole('link', { name: 'Оповещения' }).click();
      await page.unroute('**/assets/AlertsPage-*');
      await notice.getByRole('button').click();
      await page.getByText('Журнал доставки').waitFor();
    },
  );
});

/** A receiver of webhooks that says yes. */
async function listening(): Promise<{ url: string; bodies: () => readonly string[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, bodies: () => bodies };
}
