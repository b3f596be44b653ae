import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { hasPart } from './has-part.ts';

const BINARY = '/usr/bin/influxd';
const READY_MS = 20_000;

/** Debian's InfluxDB 1.x on loopback, in a folder of its own. */
export interface Influxd {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL: what a power cut does to it. */
  kill(): Promise<void>;
}

/** True when the server can be started; in CI its absence is a failure, not a skip. */
export function hasInfluxd(): boolean {
  return hasPart(existsSync(BINARY), 'influxd');
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Prepares a server; `start` runs it. */
export async function createInfluxd(directory: string): Promise<Influxd> {
  const [http, rpc] = [await freePort(), await freePort()];
  mkdirSync(directory, { recursive: true });
  const config = join(directory, 'influxdb.conf');
  writeFileSync(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[monitor]
  store-enabled = false
[ifql]
  enabled = false
`,
  );
  const url = `http://127.0.0.1:${http}`;
  let child: ChildProcess | undefined;
  return {
    url,
    start: async () => {
      child = spawn(BINARY, ['-config', config], { stdio: 'ignore' });
      await answers(url);
    },
    kill: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const isUp = await fetch(`${url}/ping`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (performance.now() > deadline)
      throw new Error(`influxd at ${url} did not start in ${READY_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
