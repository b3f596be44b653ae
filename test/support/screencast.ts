import type { Page } from 'playwright-core';

/** What a frame of the screen looks like as a whole. */
export interface SeenFrame {
  /** Mean brightness, 0 black … 255 white. */
  readonly brightness: number;
  /** Difference between the darkest and the brightest of its points: 0 for a blank screen. */
  readonly contrast: number;
}

/** Watches everything that a page's screen shows until it is stopped, reloads as well. */
export async function watchScreen(page: Page): Promise<{ stop(): Promise<SeenFrame[]> }> {
  const session = await page.context().newCDPSession(page);
  const pictures: string[] = [];
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    pictures.push(data);
    void session.send('Page.screencastFrameAck', { sessionId });
  });
  await session.send('Page.startScreencast', { format: 'png', maxWidth: 192, maxHeight: 108 });
  return {
    stop: async () => {
      await session.send('Page.stopScreencast');
      const judge = await page.context().browser()?.newPage();
      if (!judge) throw new Error('the browser is gone');
      try {
        return await judge.evaluate(judgeFrames, pictures);
      } finally {
        await judge.close();
      }
    },
  };
}

/** Runs in a page: a browser can read its own pictures. */
async function judgeFrames(pictures: string[]): Promise<SeenFrame[]> {
  const frames: SeenFrame[] = [];
  for (const picture of pictures) {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let [sum, least, most] = [0, 255, 0];
    for (let at = 0; at < data.length; at += 4) {
      const light = ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
      sum += light;
      least = Math.min(least, light);
      most = Math.max(most, light);
    }
    frames.push({ brightness: sum / (data.length / 4), contrast: most - least });
  }
  return frames;
}
