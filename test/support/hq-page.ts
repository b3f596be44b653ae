import { onTestFinished } from 'vitest';
import type { HqFrame } from '@ppe-pulse/protocol';
import { createLog } from '../../agent/src/platform/log.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import { PageServer } from '../../agent/src/relay/page-server.ts';
import { boardDir } from './board-browser.ts';

/** The relay's own page server, showing the frames of a test. */
export interface HqPage {
  readonly url: string;
  readonly server: PageServer;
  /** What the relay would see from now on; pushed at once. */
  readonly show: (frame: HqFrame) => void;
}

/** `port` 0 takes any; another one is where a relay was before. */
export async function hqPage(first: HqFrame, port = 0): Promise<HqPage> {
  let frame = first;
  const server = new PageServer({
    port,
    directory: boardDir,
    frame: () => frame,
    timers: systemTimers(),
    log: createLog('silent'),
  });
  await server.start();
  onTestFinished(() => server.stop());
  const beat = setInterval(() => server.tick(true, performance.now()), 1_000);
  onTestFinished(() => clearInterval(beat));
  return {
    url: `http://127.0.0.1:${server.port}`,
    server,
    show: (next) => {
      frame = next;
      server.tick(true, performance.now());
    },
  };
}
