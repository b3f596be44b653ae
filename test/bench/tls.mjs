/** What TLS costs a collector when a region comes back at once. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureAuthority, renewServer } from '../../server/dist/access/authority.js';
import { pause, percentile, row, startPart } from './bench.mjs';

const WORKSTATIONS = 3_000;

export async function run({ short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  try {
    const rounds = short ? 1 : 3;
    const plain = [];
    const whole = [];
    const resumed = [];
    for (let round = 0; round < rounds; round += 1) {
      const [first, again] = await reconnects(join(home, `plain-${round}`), false);
      plain.push(first, again);
      const [handshakes, sessions] = await reconnects(join(home, `tls-${round}`), true);
      whole.push(handshakes);
      resumed.push(sessions);
    }
    const seconds = [plain, whole, resumed].map((each) => percentile(each, 0.5) / 1e6);
    return [
      row('3,000 agents join, plain ws + challenge', seconds[0], 'CPU s'),
      row('the same over TLS, whole handshakes', seconds[1], 'CPU s'),
      row('the same over TLS, sessions taken up again', seconds[2], 'CPU s'),
      row('TLS of plain, whole handshakes', seconds[1] / seconds[0], 'ratio'),
      row('TLS of plain, sessions taken up again', seconds[2] / seconds[0], 'ratio'),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** CPU of the collector, in µs, while all join, and while all join again after a cut. */
async function reconnects(dataDir, isTls) {
  const enrol = startPart('enrol.mjs');
  await enrol.ask({ dataDir, workstations: WORKSTATIONS });
  await enrol.stop();
  let ca;
  if (isTls) {
    await ensureAuthority(dataDir, Date.now());
    await renewServer(dataDir, [], Date.now());
    ca = readFileSync(join(dataDir, 'tls', 'ca.crt'), 'utf8');
  }
  const server = startPart('region.mjs', [dataDir], ['--max-semi-space-size=4']);
  const load = startPart('load.mjs');
  const joining = async (url, maxCachedSessions) => {
    await pause(1_000);
    await server.ask({ do: 'reset' });
    await load.ask({
      do: 'join',
      url,
      count: WORKSTATIONS,
      handshake: true,
      ca,
      maxCachedSessions,
    });
    await pause(200);
    return (await server.ask({ do: 'read' })).cpuMicros;
  };
  try {
    const { url } = await server.ask({ do: 'address' });
    const first = await joining(url, 0);
    await load.ask({ do: 'leave' });
    // The first hundred at once have no session yet.
    return [first, await joining(url, 1)];
  } finally {
    await load.stop();
    await server.stop();
  }
}
