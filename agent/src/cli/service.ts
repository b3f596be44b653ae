import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { closeFile, closeFolder } from '../service/folder-access.ts';
import { openServices } from '../service/open-services.ts';
import {
  ServiceFault,
  serviceFlags,
  type ServiceControl,
  type ServiceSpec,
  type ServiceStatus,
} from '../service/service-control.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { serviceTexts } from './service-texts.ts';
import { UsageError, type CliWorld } from './world.ts';

/** Flags of `service`. */
export interface ServiceFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
}

const verbs = ['install', 'uninstall', 'start', 'stop', 'status'] as const;
type Verb = (typeof verbs)[number];

/**
 * `ppe-agent service install|uninstall|start|stop|status`: the service of this PC. Exit 1 when the
 * service manager did not do it, and for a status that is not «running».
 */
export async function serviceCommand(
  name: string,
  flags: ServiceFlags,
  world: CliWorld,
): Promise<number> {
  const verb = verbs.find((each) => each === name);
  if (!verb) throw new UsageError(`service takes one of ${verbs.join(', ')}`);
  const texts = serviceTexts[languageOf(flags.lang)];
  try {
    const services = await openServices(process.platform);
    await perform(verb, services, { flags, world });
    const status = await services.status();
    if (flags.json === true) world.out(JSON.stringify(status));
    else for (const line of linesOf(verb, status, texts)) world.out(line);
    return verb === 'status' && status.state !== 'running' ? exitCodes.failed : exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    const detail = error.message === '' ? '' : ` (${error.message})`;
    if (flags.json === true)
      world.out(JSON.stringify({ fault: error.kind, detail: error.message }));
    else world.err(`ppe-agent: ${texts.faults[error.kind]}${detail}`);
    return exitCodes.failed;
  }
}

async function perform(
  verb: Verb,
  services: ServiceControl,
  { flags, world }: { readonly flags: ServiceFlags; readonly world: CliWorld },
): Promise<void> {
  switch (verb) {
    case 'install': {
      const spec = specOf(flags, world);
      await services.install(spec);
      await closeToOthers(spec, flags, world);
      return;
    }
    case 'uninstall':
      return services.uninstall();
    case 'start':
      return services.start();
    case 'stop':
      return services.stop();
    case 'status':
      return undefined;
  }
}

/** What runs now is what the service runs: this very program with these settings. */
function specOf(flags: ServiceFlags, { env }: CliWorld): ServiceSpec {
  const { dataDir } = loadConfig(flags.config, env);
  const installDir = env['PPE_PULSE_INSTALL_DIR'];
  const own = process.argv[1] ?? '';
  return {
    runtime: process.execPath,
    flags: serviceFlags(process.allowedNodeEnvironmentFlags),
    script: resolve(installDir === undefined ? own : join(installDir, 'launcher.mjs')),
    config: resolve(flags.config),
    dataDir,
  };
}

/** Passwords of cameras may stand in the settings. On Linux the unit itself closes the data folder. */
async function closeToOthers(spec: ServiceSpec, flags: ServiceFlags, world: CliWorld) {
  if (process.platform !== 'win32') {
    chmodSync(spec.config, 0o600);
    return;
  }
  mkdirSync(spec.dataDir, { recursive: true });
  const texts = serviceTexts[languageOf(flags.lang)];
  const closed = [
    [spec.dataDir, await closeFolder(spec.dataDir)],
    [spec.config, await closeFile(spec.config)],
  ] as const;
  for (const [path, isDone] of closed)
    if (!isDone) world.err(`ppe-agent: ${texts.foldersOpen(path)}`);
}

function linesOf(
  verb: Verb,
  status: ServiceStatus,
  texts: (typeof serviceTexts)[keyof typeof serviceTexts],
): string[] {
  const done = {
    install: texts.installed,
    uninstall: texts.uninstalled,
    start: texts.started,
    stop: texts.stopped,
  };
  if (verb !== 'status') return [done[verb]];
  const pid = status.pid === null ? '' : `, pid ${status.pid}`;
  if (!status.installed) return [`${texts.service}: ${texts.states.absent}`];
  return [
    `${texts.service}: ${texts.states[status.state]}${pid}`,
    `${texts.atBoot}: ${status.startsAtBoot ? texts.yes : texts.no}`,
    ...(status.command === null ? [] : [`${texts.command}: ${status.command}`]),
  ];
}
