import { createServer } from 'node:net';
import { ConfigError } from '../config-error.ts';
import { codeOf, type CollectorConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { segmentFilesIn } from '../replay/segments.ts';
import { checkChain } from '../state/audit-chain.ts';
import { openStores } from '../stores.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import type { CliWorld } from './world.ts';

/** One thing that was looked at. */
interface Finding {
  readonly part: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** `ppe-collector doctor`: opens everything as `serve` would, without serving. Exit 1 on a finding. */
export async function doctorCommand(flags: Flags, world: CliWorld): Promise<number> {
  const config = configOf(flags, world.env);
  const findings = [await checkPort(config), ...(await checkStores(config))];
  if (flags.json === true) world.out(JSON.stringify({ findings }));
  else
    for (const { part, ok, detail } of findings)
      world.out(`${ok ? 'ok  ' : 'FAIL'} ${part}: ${detail}`);
  return findings.every((finding) => finding.ok) ? exitCodes.ok : exitCodes.failed;
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
