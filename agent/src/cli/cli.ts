import { cac } from 'cac';
import { nearest } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import { AGENT_VERSION } from '../version.ts';
import type { CheckFlags } from './check.ts';
import type { EnrollFlags } from './enroll.ts';
import type { exportCommand } from './export.ts';
import { exitCodes } from './exit-codes.ts';
import { runCommand } from './run.ts';
import { UsageError, type CliWorld } from './world.ts';

/** Flags of all verbs; `cac` refuses those that a verb does not have. */
interface Flags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
  readonly printConfig?: boolean;
  readonly relay?: boolean;
}

type Command = (flags: Flags, world: CliWorld) => number | Promise<number>;
type Carry = typeof exportCommand;

/**
 * Runs one command line (without node and script) and answers its exit code. Every person's mistake
 * is one line on stderr. A verb is loaded when it is named: the service, which runs for weeks, has
 * no other than its own in memory.
 */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const cli = cac('ppe-agent');
  let code: number = exitCodes.ok;
  const verb = (name: string, does: string, command: Command) =>
    cli
      .command(name, does)
      .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
      .action(async (flags: Flags) => {
        code = await command(flags, world);
      });
  verb('run', 'Measure and send until SIGINT or SIGTERM', runCommand)
    .option('--relay', 'In the HQ: also take in the workstations of this site')
    .option('--print-config', 'Print the effective settings and stop')
    .option('--service', 'Started by the service manager of Windows');
  withCheck(cli).action(async (flags: CheckFlags) => {
    code = await (await import('./check.ts')).checkCommand(flags, world);
  });
  verb('inspect', 'Print exactly what would be sent', async (flags, at) =>
    (await import('./inspect.ts')).inspectCommand(flags, at),
  ).option('--json', 'Print JSON');
  verb('status', 'What the running service says of itself', async (flags, at) =>
    (await import('./status.ts')).statusCommand(flags, at),
  ).option('--json', 'Print JSON');
  withTest(cli).action(async (what: string | undefined, flags: Flags) => {
    code = await (await import('./test.ts')).testCommand(what, flags, world);
  });
  withService(cli).action(async (name: string, flags: Flags) => {
    code = await (await import('./service.ts')).serviceCommand(name, flags, world);
  });
  const carry = (name: string, does: string, command: Carry) =>
    withStick(cli, name, does).action(async (directory: string, flags: Flags) => {
      code = await command(directory, flags, world);
    });
  const brings = 'In the HQ: take what a flash drive brings from rooms';
  carry('export', 'Put the journal on a flash drive, also while the service runs', async (...to) =>
    (await import('./export.ts')).exportCommand(...to),
  );
  carry('import', brings, async (...from) => (await import('./import.ts')).importCommand(...from));
  withGoodbye(cli).action(async (why: string, flags: Flags & { readonly return?: string }) => {
    code = await (await import('./goodbye.ts')).goodbyeCommand(why, flags, world);
  });
  withMode(cli).action(async (mode: string, flags: Flags & { readonly for?: string }) => {
    code = await (await import('./mode.ts')).modeCommand(mode, flags, world);
  });
  withEnrolment(cli).action(async (file: string, flags: EnrollFlags) => {
    code = await (await import('./enroll-from-folder.ts')).enrollPathCommand(file, flags, world);
  });
  withUpdate(cli).action(async (what: string, flags: Flags) => {
    code = await (await import('./update.ts')).updateCommand(what, flags, world);
  });
  verb('identity', 'Id and public key of this workstation', async (flags, at) =>
    (await import('./identity.ts')).identityCommand(flags, at),
  ).option('--json', 'Print JSON');
  cli.help();
  cli.version(AGENT_VERSION);
  try {
    const parsed = cli.parse(['node', 'ppe-agent', ...args], { run: false });
    if (parsed.options.help === true || parsed.options.version === true) return exitCodes.ok;
    if (!cli.matchedCommand) throw new UsageError(unknownVerb(args[0], namesOf(cli)));
    await cli.runMatchedCommand();
    return code;
  } catch (error) {
    return report(error, world);
  }
}

function withCheck(cli: ReturnType<typeof cac>) {
  return cli
    .command('check', 'One screen: what works here. Exit 0 ok, 1 warn, 2 fail, 3 unknown')
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--json', 'Print JSON')
    .option('--lang <language>', 'ru or en')
    .option('--sheet <file>', 'Write a readiness sheet: a file, or a folder such as a flash drive')
    .option('--wait <seconds>', 'Wait for a service that was just started');
}

function withTest(cli: ReturnType<typeof cac>) {
  return cli
    .command('test [what]', 'Test devices that tests.allow names: scan, sound')
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--json', 'Print JSON')
    .option('--lang <language>', 'ru or en');
}

function withService(cli: ReturnType<typeof cac>) {
  return cli
    .command('service <verb>', 'The service of this PC: install, uninstall, start, stop, status')
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--json', 'Print JSON')
    .option('--lang <language>', 'ru or en');
}

function namesOf(cli: ReturnType<typeof cac>): string[] {
  return cli.commands.map((each) => each.name);
}

function withUpdate(cli: ReturnType<typeof cac>) {
  return cli
    .command('update <what>', 'An update from a flash drive, by its file; or status')
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--json', 'Print JSON');
}

function withGoodbye(cli: ReturnType<typeof cac>) {
  return cli
    .command('goodbye <why>', 'Planned silence: sleep, stageOffline')
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--return <time>', 'When it will be back, such as 30m or 3h');
}

function withMode(cli: ReturnType<typeof cac>) {
  return cli
    .command('mode <mode>', 'Quieter than planned: quiet, off; plan takes it back')
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--for <time>', 'For how long, such as 30m or 2h');
}

function withEnrolment(cli: ReturnType<typeof cac>) {
  return cli
    .command(
      'enroll <file>',
      'Take a place of the ППЭ with its file, or the folder of a flash drive',
    )
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--room <code>', 'Room of this PC, four digits')
    .option('--role <role>', 'Role of this PC, such as organizer')
    .option('--duty <duty>', 'main or reserve')
    .option('--number <n>', 'Which of the equal places of a room')
    .option('--through <url>', 'Through the relay of the HQ, wss://HOST:8085')
    .option('--request <dir>', 'Without a network: write a request onto a flash drive')
    .option('--credential <file>', 'Without a network: take the answer from the drive')
    .option('--new-key', 'With another key than before')
    .option('--json', 'Print JSON')
    .option('--lang <language>', 'ru or en');
}

function withStick(cli: ReturnType<typeof cac>, name: string, does: string) {
  return cli
    .command(`${name} <dir>`, does)
    .option('--config <file>', 'Settings (YAML)', { default: 'agent.yaml' })
    .option('--json', 'Print JSON')
    .option('--lang <language>', 'ru or en');
}

function unknownVerb(verb: string | undefined, known: readonly string[]): string {
  if (verb === undefined || verb.startsWith('-')) {
    return `name a command: ${known.join(', ')} (--help says more)`;
  }
  const guess = nearest(verb, known);
  const hint = guess === undefined ? `known are ${known.join(', ')}` : `did you mean "${guess}"?`;
  return `unknown command "${verb}", ${hint}`;
}

function report(error: unknown, world: CliWorld): number {
  if (error instanceof ConfigError) {
    world.err(`ppe-agent: ${error.message}`);
    return exitCodes.config;
  }
  // cac throws plain errors named CACError for unknown options and missing arguments.
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CACError')) {
    world.err(`ppe-agent: ${error.message.replaceAll('`', '"')}; see ppe-agent --help`);
    return exitCodes.usage;
  }
  throw error;
}
