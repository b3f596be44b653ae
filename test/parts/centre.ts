import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import type { EnrolmentFile, SignedDocument } from '@ppe-pulse/protocol/enrolment';
import { dayFromNow, type Shown } from '../support/enrolment.ts';
import { commands, runToEnd, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { addresses, type Lan, type Machine } from './lan.ts';

/** Where the collector of the centre listens. */
export const COLLECTOR = `wss://${addresses.centre}:8443`;
/** Where the relay of the Штаб listens. */
export const RELAY = `wss://${addresses.hq}:8085`;

/** A collector with TLS in the situation centre, and what its commands say there. */
export async function centre(lan: Lan) {
  const dataDir = tempDir();
  const data = ['--data', dataDir];
  const here = (...words: string[]) => runToEnd(commands.collector, [...words, ...data]);
  await here('tls', 'init', '--name', addresses.centre);
  await here('registry', 'sample', '--ppe', '2', '--seed', '668');
  const flags = ['serve', '--host', addresses.centre, '--port', '8443', ...data];
  const serving = lan.start('centre', process.execPath, [commands.collector, ...flags]);
  await until(() => serving.errors().includes('collector is up'), 'the collector listens');
  const says = async (...words: string[]): Promise<string> => {
    const ran = await lan.run('centre', process.execPath, [commands.collector, ...words, ...data]);
    if (ran.code !== 0) throw new Error(`${words.join(' ')}: ${ran.errors}`);
    return ran.output;
  };
  const enrolments = async (siteCode: string): Promise<readonly Shown[]> =>
    (JSON.parse(await says('enroll', 'list', '--ppe', siteCode, '--json')) as { items: Shown[] })
      .items;
  const token = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
  const ask = async (method: string, path: string, body: object = {}): Promise<unknown> => {
    const url = `https://${addresses.centre}:8443${path}`;
    const args = [method, url, join(dataDir, 'tls', 'ca.crt'), token, JSON.stringify(body)];
    const asking = ['--input-type=module', '-e', ASK, ...args];
    const { output, errors } = await lan.run('centre', process.execPath, asking);
    const answer = JSON.parse(output || '{"status":0}') as { status: number; body: unknown };
    if (answer.status < 200 || answer.status > 204) throw new Error(`${path}: ${output}${errors}`);
    return answer.body;
  };
  const siteCodes = async (): Promise<readonly string[]> => {
    const { items } = (await ask('GET', '/api/v1/registry/sites')) as {
      items: { code: string; kind: string }[];
    };
    return items.filter(({ kind }) => kind === 'ppe').map(({ code }) => code);
  };
  return {
    dataDir,
    says,
    ask,
    enrolments,
    siteCodes,
    revoke: async (id: string) => ask('POST', `/api/v1/workstations/${id}/revoke`),
  };
}

/** One request of a script that knows the authority. */
const ASK = `
  import { readFileSync } from 'node:fs';
  import { request } from 'node:https';
  const [method, url, ca, token, body] = process.argv.slice(1);
  const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
  const asked = request(url, { method, headers, ca: readFileSync(ca) }, (response) => {
    let text = '';
    response.on('data', (part) => (text += part));
    response.on('end', () =>
      console.log(JSON.stringify({ status: response.statusCode, body: text && JSON.parse(text) })));
  });
  asked.end(method === 'GET' ? undefined : body);`;

export type Centre = Awaited<ReturnType<typeof centre>>;

/** The file of a ППЭ on a stick. */
export async function stick({ says }: Centre, siteCode: string, ...more: string[]) {
  const path = join(tempDir(), `ppe-${siteCode}.json`);
  const days = ['--from', dayFromNow(-1), '--to', dayFromNow(1)];
  await says(
    'enroll',
    'create',
    '--ppe',
    siteCode,
    '--out',
    path,
    '--url',
    COLLECTOR,
    ...days,
    ...more,
  );
  const document = JSON.parse(readFileSync(path, 'utf8')) as SignedDocument;
  return { path, file: JSON.parse(document.text) as EnrolmentFile };
}

/** A PC with the agent on one of the machines. */
export function pc(lan: Lan, machine: Machine, settings: object = {}, home = tempDir()) {
  const config = join(home, 'agent.yaml');
  if (!existsSync(config)) writeFileSync(config, JSON.stringify(settings));
  const end = ['--config', config];
  const at = (words: readonly string[]) => [commands.agent, ...words, ...end];
  return {
    home,
    says: (...words: string[]) => lan.run(machine, process.execPath, at(words)),
    runs: (...words: string[]) => lan.start(machine, process.execPath, at(['run', ...words])),
    file: (name: string) => join(home, 'data', name),
    status: (): AgentStatus | undefined => {
      const path = join(home, 'data', 'status.json');
      return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AgentStatus) : undefined;
    },
  };
}
