import { dirname } from 'node:path';
import { isReleaseVersion } from '@ppe-pulse/protocol/update';

/** What the launcher said of this start. */
export interface UpdatePlace {
  readonly installDir: string;
  /** Where versions that came as updates lie. */
  readonly versionsDir: string;
  /** The service's data folder. */
  readonly dataDir: string;
  readonly version: string;
  readonly isOnTrial: boolean;
}

/** Undefined where no launcher started this agent: then nothing here can be updated. */
export function updatePlaceOf(
  env: Readonly<Record<string, string | undefined>>,
): UpdatePlace | undefined {
  const {
    PPE_PULSE_INSTALL_DIR: installDir = '',
    PPE_PULSE_VERSIONS_DIR: versionsDir = '',
    PPE_PULSE_RUNNING_VERSION: version = '',
    PPE_PULSE_ON_TRIAL: trial,
  } = env;
  if (installDir === '' || versionsDir === '' || !isReleaseVersion(version)) return undefined;
  const dataDir = dirname(versionsDir);
  return { installDir, versionsDir, dataDir, version, isOnTrial: trial === '1' };
}
