import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where versions lie. */
export interface Places {
  readonly installDir: string;
  /** Of the package; nobody but an installer writes there. */
  readonly installedDir: string;
  /** Of updates, in the data folder of the service. */
  readonly versionsDir: string;
}

/** The places of this launcher: it stands in the folder of the installation. */
export function placesOf(launcherUrl: string, env: Environment): Places {
  const installDir = dirname(fileURLToPath(launcherUrl));
  const given = env.PPE_PULSE_DATA_DIR;
  const dataDir = given === undefined || given === '' ? defaultDataDir(env) : resolve(given);
  return {
    installDir,
    installedDir: join(installDir, 'versions'),
    versionsDir: join(dataDir, 'versions'),
  };
}

/** As the packages have it: the launcher reads no settings. */
function defaultDataDir(env: Environment): string {
  return process.platform === 'win32'
    ? join(env.ProgramData ?? 'C:\\ProgramData', 'PPE-Pulse', 'data')
    : '/var/lib/ppe-pulse-agent';
}
