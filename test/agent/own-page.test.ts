import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../agent/src/config.ts';
import { createOwnPage } from '../../agent/src/local/create-own-page.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const world = { timers: systemTimers(), log: createLog('silent') };
const status = {
  agentId: 'w-0f3a9c21aaaaaaaa',
  link: 'live',
  mode: 'prep',
  planVersion: 3,
  agentVersion: '0.1.0',
  placement: { siteCode: '4216', roomCode: '0012', role: 'kege', duty: 'main' },
  verdicts: [
    { id: 'pc.disk', verdict: 'fail', reason: 'diskLow', evidence: {}, ageMs: 0 },
    { id: 'pc.ram', verdict: 'ok', reason: 'ok', evidence: {}, ageMs: 0 },
  ],
} as unknown as AgentStatus;

function settings(page: object) {
  const path = join(tempDir(), 'agent.yaml');
  writeFileSync(path, JSON.stringify({ page }));
  return loadConfig(path, {});
}

async function opened(answer: () => AgentStatus | undefined = () => status) {
  const config = settings({ enabled: true, port: 0 });
  const page = createOwnPage(config, {}, { ...world, status: answer, isRelay: false });
  if (!page) throw new Error('there is no page');
  onTestFinished(() => page.stop());
  await page.start();
  return page.port ?? 0;
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function ask(port: number, path = '/', how: { method?: string; headers?: object } = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const { method = 'GET', headers } = how;
    const options = { host: '127.0.0.1', port, path, method, headers: { ...headers } };
    const asked = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the page of a workstation', () => {
  it('shows the readiness sheet of this PC in two languages, and asks again by itself', async () => {
    const port = await opened();
    const { code, text, headers } = await ask(port);
    expect(code).toBe(200);
    for (const words of ['ППЭ 4216, аудитория 0012', 'w-0f3a9c21aaaaaaaa', 'связь есть'])
      expect(text).toContain(words);
    // What is to be mended stands first.
    expect(text.indexOf('<tr class="fail">')).toBeLessThan(text.indexOf('<tr class="ok">'));
    expect(headers).toMatchObject({ refresh: '5', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect((await ask(port, '/?lang=en')).text).toContain('Readiness sheet of a workstation');
  });

  it('is there before the first heartbeat, too', async () => {
    const { code, text } = await ask(await opened(() => undefined));
    expect([code, text.includes('не зарегистрировано')]).toEqual([200, true]);
  });

  it('answers nobody but a browser of this PC, and takes nothing', async () => {
    const port = await opened();
    const codes = await Promise.all([
      ask(port, '/', { headers: { host: 'pulse.example' } }),
      ask(port, '/', { headers: { origin: 'http://pulse.example' } }),
      ask(port, '/status.json'),
      ask(port, '//'),
      ask(port, '/', { method: 'POST' }),
      ask(port, '/', { method: 'HEAD' }),
    ]);
    expect(codes.map(({ code }) => code)).toEqual([403, 403, 404, 404, 405, 200]);
  });

  it('survives whatever is sent to its port', async () => {
    const port = await opened();
    for (const bytes of [
      '\0\0\0',
      'GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
        socket.on('close', () => resolve());
        socket.on('error', () => resolve());
        socket.resume();
      });
    }
    expect((await ask(port)).code).toBe(200);
  });

  it('is there where the agent is installed or asked for it, and no relay has a page of its own', () => {
    const made = (page: object, env: Record<string, string>, isRelay = false): boolean =>
      createOwnPage(settings(page), env, { ...world, status: () => status, isRelay }) !== undefined;
    const installed = { PPE_PULSE_INSTALL_DIR: '/opt/ppe-pulse-agent' };
    expect(made({}, installed)).toBe(true);
    expect(made({}, {})).toBe(false);
    expect(made({ enabled: false }, installed)).toBe(false);
    expect(made({ enabled: true }, {})).toBe(true);
    expect(made({ enabled: true }, installed, true)).toBe(false);
  });
});
