import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/influxd.ts';
import { hasPart } from '../support/has-part.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

/** An alert as the real Alertmanager shows it. */
export interface ShownAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

/** A real Alertmanager with the shipped sample of a configuration. */
export interface Alertmanager {
  readonly url: string;
  /** All alerts that have not ended, the inhibited too. */
  alerts(): Promise<readonly ShownAlert[]>;
}

/** Debian calls it otherwise than its authors do. */
const PROGRAMS = ['/usr/bin/prometheus-alertmanager', '/usr/bin/alertmanager'];
const SAMPLE = join(import.meta.dirname, '..', '..', 'deploy', 'alertmanager', 'alertmanager.yml');

/** True where Debian's prometheus-alertmanager is installed. */
export function hasAlertmanager(): boolean {
  return hasPart(program() !== undefined, 'prometheus-alertmanager');
}

/** Starts an Alertmanager on loopback, with a folder of its own and no cluster; it ends with the test. */
export async function startAlertmanager(): Promise<Alertmanager> {
  const port = await freePort();
  const flags = [
    `--config.file=${SAMPLE}`,
    `--storage.path=${tempDir()}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  const child = spawn(program() ?? '', flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  const isReady = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`alertmanager ended: ${log}`);
    return fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await until(isReady, 'alertmanager is ready');
  return {
    url,
    alerts: async () => {
      const answer = await fetch(`${url}/api/v2/alerts?inhibited=true&silenced=true`);
      return (await answer.json()) as ShownAlert[];
    },
  };
}

function program(): string | undefined {
  return PROGRAMS.find((each) => existsSync(each));
}
