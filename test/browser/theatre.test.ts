import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { flood, work } from '../support/theatre/scenes.ts';
import { seat } from '../support/theatre/seat.ts';
import { theatre } from '../support/theatre/theatre.ts';

describe.skipIf(!hasChromium())('the theatre for the board', () => {
  it('plays the same picture to the pixel in two browsers', { timeout: 120_000 }, async () => {
    const pictures = await Promise.all(
      [1, 2].map(async () => {
        const { page, faults } = await seat(await theatre(work()));
        await page.getByText('09:42:19').waitFor();
        const picture = await page.screenshot();
        expect(faults()).toEqual([]);
        return picture;
      }),
    );
    expect(pictures[0]?.equals(pictures[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it(
    'lets the picture grow old, and loses the collector, by the test’s clock',
    { timeout: 120_000 },
    async () => {
      const stage = await theatre(flood());
      const { page, pass } = await seat(stage);
      expect(await page.locator('.shell-live').count()).toBe(1);
      await pass(16_000);
      await page.locator('.shell-stale').waitFor();
      await stage.wire.drop();
      await pass(3_000);
      await page.locator('.shell-lost').waitFor();
      stage.wire.restore();
      // It comes back by itself, within its own pause.
      await expect
        .poll(
          async () => {
            await pass(1_000);
            return page.locator('.shell-live').count();
          },
          { timeout: 60_000 },
        )
        .toBe(1);
    },
  );
});
