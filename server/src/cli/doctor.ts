import { createServer } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { codeOf, type CollectorConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { segmentFilesIn } from '../replay/segments.ts';
import { checkChain } from '../state/audit-chain.ts';
import { openStores } from '../stores.ts';
import { askCollector } from './ask-collector.ts';
import { exitCodes } from './exit-codes.ts';
import { listeningConfigOf, type Flags } from './flags.ts';
import { runningCollector } from './running-collector.ts';
import { serviceFindings, type Finding } from './service-findings.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/**
 * `ppe-collector doctor`: opens everything as `serve` would, without serving. Beside a running collector
 * its own word stands for port and stores, which are its alone. Exit 1 on a finding.
 */
export async function doctorCommand(
  flags: Flags & { readonly backups?: unknown },
  world: CliWorld,
): Promise<number> {
  const config = listeningConfigOf(flags, world.env);
  const running = await checkRunning(config.dataDir);
  const findings = [
    ...(running ? [running] : [await checkPort(config), ...(await checkStores(config))]),
    ...serviceFindings(config, backupsOf(flags.backups), Date.now()),
  ];
  if (flags.json === true) world.out(JSON.stringify({ findings }));
  else
    for (const { part, ok, detail } of findings)
      world.out(`${ok ? 'ok  ' : 'FAIL'} ${part}: ${detail}`);
  return findings.every((finding) => finding.ok) ? exitCodes.ok : exitCodes.failed;
}

function backupsOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return resolvePath(value);
  throw new UsageError('--backups needs the folder of the backups');
}

/** What the collector that runs here says of itself; undefined when none does. */
async function checkRunning(dataDir: string): Promise<Finding | undefined> {
  const running = runningCollector(dataDir);
  if (!running) return undefined;
  const answer = await askCollector({
    ...running,
    path: '/readyz',
    method: 'GET',
    body: undefined,
  });
  if (answer.kind === 'nobody') return undefined;
  const ok = answer.kind === 'done';
  return {
    part: 'collector',
    ok,
    detail: ok ? `runs at ${running.address} and is ready` : `runs, not ready: ${answer.detail}`,
  };
}

async function checkStores(config: CollectorConfig): Promise<Finding[]> {
  try {
    const stores = await openStores(config, createLog('error'));
    const status = stores.series.status();
    const workstations = stores.enrolments.list().length;
    const { entries, fault } = checkChain(stores.database);
    await stores.close();
    const segments = await segmentFilesIn(stores.dataDir.path);
    return [
      { part: 'data folder', ok: true, detail: config.dataDir },
      {
        part: 'audit',
        ok: fault === null,
        detail: fault
          ? `broken at entry ${fault.id}: "ppe-collector audit verify" says how`
          : `${entries} entries, each on the one before`,
      },
      { part: 'state', ok: true, detail: `${workstations} workstations enrolled` },
      {
        part: `series (${config.series.store})`,
        ok: status.ready && status.warnings.length === 0,
        detail: status.advice.join('; ') || `${status.bytesOnDisk} bytes on disk`,
      },
      {
        part: 'replay',
        ok: true,
        detail: `${segments.length} segments, ${config.replay.days} days`,
      },
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ part: 'stores', ok: false, detail: error.message }];
  }
}

async function checkPort({ host, port }: CollectorConfig): Promise<Finding> {
  const part = 'port';
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve({
        part,
        ok: false,
        detail: `${host}:${port}: ${codeOf(error)}: choose another with --port`,
      }),
    );
    server.listen(port, host, () =>
      server.close(() => resolve({ part, ok: true, detail: `${host}:${port} is free` })),
    );
  });
}
