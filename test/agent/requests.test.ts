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
  const requests = new Requests(dataDir, {
    goodbye: (request) => taken.push(request),
    mode: (request) => taken.push(request),
    look: () => undefined,
  });
  onTestFinished(() => requests.stop());
  return { requests, taken };
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
});
