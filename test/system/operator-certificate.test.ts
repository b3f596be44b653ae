import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCa, issueServer } from '../../server/src/access/certificates.ts';
import { testCollector } from '../support/collector.ts';
import { examPc, getFile, sampleSites, type AskApi, type ExamPc } from '../support/enrolment.ts';
import { freePort } from '../support/influxd.ts';
import { until } from '../support/processes.ts';
import { runCollector } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';
import { askOverTls } from '../support/tls-collector.ts';

const valid = { fromMs: Date.UTC(2000, 0, 1), toMs: Date.UTC(2090, 0, 1) };

/** A collector that shows an operator's certificate, and has an authority for its relays alone. */
async function operated() {
  const [dataDir, folder] = [tempDir(), tempDir()];
  const operator = await createCa('operator', valid);
  const served = await issueServer(operator, ['127.0.0.1'], valid);
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('ca.pem'), operator.certificatePem);
  writeFileSync(path('server.pem'), served.certificatePem);
  writeFileSync(path('key.pem'), served.keyPem, { mode: 0o600 });
  const init = ['tls', 'init', '--authority-only', '--data', dataDir];
  expect(await runCollector(...init)).toMatchObject({ code: 0 });
  const collector = await testCollector(
    { dataDir },
    { PPE_PULSE_TLS_CERTIFICATE: path('server.pem'), PPE_PULSE_TLS_KEY: path('key.pem') },
  );
  const ask: AskApi = async (route, wanted) => {
    const asked = { collector, dataDir, caPem: operator.certificatePem };
    const { status, text } = await askOverTls(asked, route, wanted);
    return { status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  const [site] = await sampleSites(ask);
  return { dataDir, ask, got: await getFile(ask, site?.code ?? ''), roots: path('ca.pem') };
}

const agentOf = (pc: ExamPc): string =>
  (JSON.parse(pc.text('enrolment.json')) as { agentId: string }).agentId;

describe('an operator’s certificate', { timeout: 60_000 }, () => {
  it('is the collector’s, while relays have ours and rooms come through them over TLS', async () => {
    const { dataDir, ask, got, roots } = await operated();
    expect(got.file.collector).toMatchObject({ systemRoots: true });
    expect(got.file.collector.caPem).toContain('BEGIN CERTIFICATE');
    const shown = await runCollector('tls', 'show', '--data', dataDir);
    expect(shown.out.join('\n')).toContain('for relays');
    const again = await runCollector('tls', 'init', '--authority-only', '--data', dataDir);
    expect(again).toMatchObject({ code: 78 });

    const hq = ['--role', 'hq', '--duty', 'main'];
    const blind = await examPc().enroll(got.path, ...hq);
    expect(blind).toMatchObject({ code: 1 });
    expect(blind.errors).toContain('там не наш коллектор');

    const [port, pagePort] = [await freePort(), await freePort()];
    const relay = { host: '127.0.0.1', port, page: { port: pagePort } };
    const pc = examPc({ relay }, { NODE_EXTRA_CA_CERTS: roots });
    expect(await pc.enroll(got.path, ...hq)).toMatchObject({ code: 0, errors: '' });
    const child = pc.run('--relay');
    await until(() => child.errors().includes('the roster has come'), 'the relay knows its ППЭ');

    // It needs no word of the operator's authority: a relay is known by ours.
    const room = examPc();
    const place = got.file.places.find(({ role }) => role === 'organizer');
    const flags = ['--role', 'organizer', '--room', place?.roomCode ?? '', '--duty', 'main'];
    const through = ['--through', `wss://127.0.0.1:${port}`];
    const enrolled = await room.enroll(got.path, ...flags, ...through);
    expect(enrolled).toMatchObject({ code: 0, errors: '' });
    room.run();
    await until(async () => {
      const { body } = await ask(`/api/v1/workstations/${agentOf(room)}`);
      const { checks } = body as { readonly checks?: { id: string; verdict: string }[] };
      return checks?.some(({ id, verdict }) => id === 'heartbeat' && verdict === 'ok') ?? false;
    }, 'the room is heard through its relay');
  });
});
