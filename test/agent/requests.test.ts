import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  Requests,
  askGoodbye,
  askMode,
  isWaiting,
  requestsDir,
} from '../../agent/src/local/requests.ts';
import { tempDir } from '../support/temp-dir.ts';

function service(dataDir: string) {
  const taken: object[] = [];
  const looks = { count: 0 };
  const requests = new Requests(dataDir, {
    goodbye: (request) => taken.push(request),
    mode: (request) => taken.push(request),
    look: () => (looks.count += 1),
  });
  onTestFinished(() => requests.stop());
  return { requests, taken, looks };
}

describe('a request to the running service', () => {
  it('that was left while nobody ran is forgotten', () => {
    const dataDir = tempDir();
    askMode(dataDir, { mode: 'off' });
    askGoodbye(dataDir, { reason: 'sleep' });
    const { requests, taken } = service(dataDir);
    requests.forget();
    requests.start();
    expect([taken, isWaiting(dataDir, 'mode'), isWaiting(dataDir, 'goodbye')]).toEqual([
      [],
      false,
      false,
    ]);
  });

  it('that comes while the service is starting is taken, not swept away', () => {
    const dataDir = tempDir();
    const { requests, taken } = service(dataDir);
    requests.forget();
    askMode(dataDir, { mode: 'plan' });
    requests.start();
    expect([taken, isWaiting(dataDir, 'mode')]).toEqual([[{ mode: 'plan' }], false]);
  });

  it('is of the closed list, or is thrown away', () => {
    const dataDir = tempDir();
    const { requests, taken } = service(dataDir);
    askMode(dataDir, { mode: 'loud' as 'off' });
    askGoodbye(dataDir, { reason: 'sleep', returnMs: -1 });
    requests.start();
    expect(taken).toEqual([{ reason: 'sleep' }]);
    expect(existsSync(join(requestsDir(dataDir), 'mode.json'))).toBe(false);
  });

  it('is seen with a heartbeat where no watch tells of it, from the start to the end of the service', () => {
    const dataDir = tempDir();
    const { requests, taken, looks } = service(dataDir);
    askMode(dataDir, { mode: 'off' });
    requests.look();
    expect([taken, looks.count]).toEqual([[], 0]);
    requests.start();
    askGoodbye(dataDir, { reason: 'sleep' });
    // Before the event loop goes on, so before any watch can tell.
    requests.look();
    expect([taken, looks.count]).toEqual([[{ mode: 'off' }, { reason: 'sleep' }], 1]);
    requests.stop();
    askMode(dataDir, { mode: 'plan' });
    requests.look();
    expect([taken.length, looks.count, isWaiting(dataDir, 'mode')]).toEqual([2, 1, true]);
  });
});
