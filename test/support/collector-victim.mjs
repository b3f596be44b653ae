/**
 * A whole collector that dies at a chosen moment: `collector-victim.mjs DATA-FOLDER STEP KIND NTH`.
 * It is killed at a step of a delivery, once the NTH event of that kind (`opened`, `resolved`) is
 * committed; STEP `none` lets it live. It plays a day at six times its pace: twenty seconds of a fault
 * in less than four.
 */
import { join } from 'node:path';
import { startCollector } from '../../server/dist/collector.js';
import { loadConfig } from '../../server/dist/config.js';
import { createLog } from '../../server/dist/log.js';
import { openDatabase } from '../../server/dist/state/database.js';

const [, , dataDir, fault, kind, nth] = process.argv;
const config = loadConfig(undefined, process.env, {
  port: 0,
  dataDir,
  rehearsal: { startAt: '2024-05-15T08:50+07:00', speed: 6 },
});
/** What is committed, seen from outside: a connection of its own. */
let committed;

await startCollector(config, createLog('info'), {
  step: (name) => {
    if (name === fault && isDecided()) process.kill(process.pid, 'SIGKILL');
  },
});

function isDecided() {
  committed ??= openDatabase(join(dataDir, 'state.sqlite'));
  const rows = committed.all('SELECT count(*) AS events FROM alert_events WHERE kind = ?', kind);
  return Number(rows[0].events) >= Number(nth);
}
