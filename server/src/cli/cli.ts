import { cac } from 'cac';
import { nearest } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import { COLLECTOR_VERSION } from '../version.ts';
import { backupCommand } from './backup.ts';
import { doctorCommand } from './doctor.ts';
import { exitCodes } from './exit-codes.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/**
 * Runs one command line (without node and script) and answers its exit code. Every person's mistake
 * is one line on stderr.
 */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const cli = cac('ppe-collector');
  let code: number = exitCodes.ok;
  const run =
    <A extends unknown[]>(command: (...parameters: A) => Promise<number>) =>
    async (...parameters: A): Promise<void> => {
      code = await command(...parameters);
    };
  cli
    .command('serve', 'Run the collector until SIGINT or SIGTERM')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--port <port>', 'Port, 0 for any free one')
    .option('--host <host>', 'Address to listen on')
    .option('--board <dir>', 'Folder of the built board')
    .option('--insecure', 'Listen beyond loopback without TLS')
    .option('--print-config', 'Print the effective settings, secrets masked, and stop')
    .action(run((flags) => serveCommand(flags, world)));
  cli
    .command('backup <dir>', 'Write a consistent copy of everything into a new folder')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--json', 'Print JSON')
    .action(run((directory, flags) => backupCommand(directory, flags, world)));
  cli
    .command('restore <dir>', 'Make a data folder from a backup; the collector must not run on it')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder, must be missing or empty')
    .option('--json', 'Print JSON')
    .action(run((directory, flags) => restoreCommand(directory, flags, world)));
  cli
    .command('doctor', 'Say what is wrong with settings, data folder, stores and port')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--json', 'Print JSON')
    .action(run((flags) => doctorCommand(flags, world)));
  cli.help();
  cli.version(COLLECTOR_VERSION);
  try {
    const parsed = cli.parse(['node', 'ppe-collector', ...args], { run: false });
    if (parsed.options.help === true || parsed.options.version === true) return exitCodes.ok;
    if (!cli.matchedCommand) {
      throw new UsageError(
        unknownVerb(
          args[0],
          cli.commands.map((each) => each.name),
        ),
      );
    }
    await cli.runMatchedCommand();
    return code;
  } catch (error) {
    return report(error, world);
  }
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
    world.err(`ppe-collector: ${error.message}`);
    return exitCodes.config;
  }
  // cac throws plain errors named CACError for unknown options and missing arguments.
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CACError')) {
    world.err(`ppe-collector: ${error.message.replaceAll('`', '"')}; see ppe-collector --help`);
    return exitCodes.usage;
  }
  throw error;
}
