import { pathToFileURL } from 'node:url';
import { chooseVersion } from './choose-version.ts';
import { placesOf } from './places.ts';

/** Exit code of sysexits.h: something is wrong with the files here, and a restart does not help. */
const EX_CONFIG = 78;

const places = placesOf(import.meta.url, process.env);
const chosen = chooseVersion(places, {
  mayTry: process.argv[2] === 'run',
  nowMs: Date.now(),
  warn: (line) => process.stderr.write(`ppe-agent launcher: ${line}\n`),
});

if (chosen) {
  process.env.PPE_PULSE_INSTALL_DIR = places.installDir;
  process.env.PPE_PULSE_VERSIONS_DIR = places.versionsDir;
  process.env.PPE_PULSE_RUNNING_VERSION = chosen.version;
  if (chosen.isOnTrial) process.env.PPE_PULSE_ON_TRIAL = '1';
  else delete process.env.PPE_PULSE_ON_TRIAL;
  // In this process: a service manager knows the one that it started.
  await import(pathToFileURL(chosen.path).href);
} else {
  process.stderr.write(
    `ppe-agent launcher: no version in ${places.installDir} is whole: install the agent again\n`,
  );
  process.exitCode = EX_CONFIG;
}
