import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const installDir = import.meta.dirname;
const versionsDir = join(installDir, 'versions');
const newest = readdirSync(versionsDir).toSorted((one, other) =>
  one.localeCompare(other, 'en', { numeric: true }),
);
const version = newest.at(-1);
if (version === undefined) throw new Error(`${versionsDir} is empty: install the agent again`);
process.env['PPE_PULSE_INSTALL_DIR'] = installDir;
process.env['PPE_PULSE_VERSIONS_DIR'] = versionsDir;
process.env['PPE_PULSE_RUNNING_VERSION'] = version;
await import(pathToFileURL(join(versionsDir, version, 'agent.mjs')).href);
