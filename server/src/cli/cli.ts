import { cac, type CAC, type Command } from 'cac';
import { nearest } from '@ppe-pulse/protocol';
import { BusyError, ConfigError } from '../config-error.ts';
import { COLLECTOR_VERSION } from '../version.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { doctorCommand } from './doctor.ts';
import { enrollCommand } from './enroll.ts';
import { exitCodes } from './exit-codes.ts';
import { importCommand } from './import.ts';
import { planCommand } from './plan.ts';
import { registryCommand } from './registry.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { tlsCommand } from './tls.ts';
import { updateCommand } from './update.ts';
import { UsageError } from './usage-error.ts';
import { userCommand } from './user.ts';
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
    .option('--rehearsal-start <time>', 'Play a day from this time on, 2024-05-15T06:30+07:00')
    .option('--rehearsal-speed <factor>', 'The played day runs so much faster (default 1)')
    .option('--print-config', 'Print the effective settings, secrets masked, and stop')
    .action(run((flags) => serveCommand(flags, world)));
  addBackup(cli).action(run((directory, flags) => backupCommand(directory, flags, world)));
  cli
    .command('restore <dir>', 'Make a data folder from a backup; the collector must not run on it')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder, must be missing or empty')
    .option('--json', 'Print JSON')
    .action(run((directory, flags) => restoreCommand(directory, flags, world)));
  cli
    .command('import <dir>', 'Store what a flash drive brings; the collector must run')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--json', 'Print JSON')
    .action(run((directory, flags) => importCommand(directory, flags, world)));
  addDoctor(cli).action(run((flags) => doctorCommand(flags, world)));
  addTls(cli).action(run((verb, flags) => tlsCommand(verb, flags, world)));
  addAudit(cli).action(run((verb, flags) => auditCommand(verb, flags, world)));
  addEnroll(cli).action(run((verb, file, flags) => enrollCommand(verb, file, flags, world)));
  addUser(cli).action(run((verb, name, flags) => userCommand(verb, name, flags, world)));
  addPlan(cli).action(run((verb, file, flags) => planCommand(verb, file, flags, world)));
  addRegistry(cli).action(run((verb, files, flags) => registryCommand(verb, files, flags, world)));
  addUpdate(cli).action(run((verb, file, flags) => updateCommand(verb, file, flags, world)));
  addSimulate(cli).action(run((flags) => simulateCommand(flags, world)));
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

function addBackup(cli: CAC): Command {
  return cli
    .command('backup <dir>', 'Write a consistent copy of everything into a new folder')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--keep <n>', 'Into a dated folder below it, of which the newest N stay')
    .option('--json', 'Print JSON');
}

function addDoctor(cli: CAC): Command {
  return cli
    .command('doctor', 'Say what is wrong with settings, stores, port, disk, clock, certificate')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--backups <dir>', 'Folder of the nightly backups: say when the newest is too old')
    .option('--json', 'Print JSON');
}

function addTls(cli: CAC): Command {
  return cli
    .command('tls <verb>', 'init, renew or show the certificate of this collector')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--name <host>', 'init, renew: name or address of this collector; again for more')
    .option('--authority-only', "init: for relays alone, beside an operator's certificate")
    .option('--json', 'Print JSON');
}

function addAudit(cli: CAC): Command {
  return cli
    .command('audit <verb>', 'verify that nothing of who did what was changed, or export it')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--since <mark>', 'verify: NUMBER:HASH of an earlier verify, still in the chain')
    .option('--json', 'Print JSON');
}

function addEnroll(cli: CAC): Command {
  return cli
    .command('enroll <verb> [file]', 'create the file of a ППЭ, list its places, accept REQUEST')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--ppe <code>', 'create, list: code of the ППЭ')
    .option('--out <file>', 'create, accept: the file to write, on the flash drive')
    .option('--from <date>', 'create: first day, YYYY-MM-DD (default: the rehearsal’s)')
    .option('--to <date>', 'create: last day, YYYY-MM-DD (default: the rehearsal’s)')
    .option('--url <url>', 'create: where agents find this collector, wss://host:port')
    .option('--relay-url <url>', 'create: the relay of its HQ in the LAN, wss://HOST:8085')
    .option('--needs-approval', 'create: a person lets each workstation in')
    .option('--json', 'Print JSON');
}

function addUser(cli: CAC): Command {
  return cli
    .command('user <verb> [name]', 'add NAME --role R, list, revoke NAME or link NAME: accounts')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--role <role>', 'add: admin, operator, municipal, ppe or wall')
    .option('--municipality <slug>', 'add: of the role municipal')
    .option('--ppe <code>', 'add: of the role ppe')
    .option('--json', 'Print JSON');
}

function addPlan(cli: CAC): Command {
  return cli
    .command('plan <verb> [file]', 'check FILE, import FILE or print the schema of plans')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--allow-old', 'check: take a date of over a year ago')
    .option('--dry-run', 'import: say what would change, and change nothing')
    .option('--note <text>', 'import: why, for the list of versions')
    .option('--language <language>', 'Words of problems: ru or en (default en)')
    .option('--json', 'Print JSON');
}

function addRegistry(cli: CAC): Command {
  return cli
    .command('registry <verb> [...files]', 'import FILE…, template DIR or sample: who takes part')
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--dry-run', 'import: say what would change, and change nothing')
    .option('--ppe <number>', 'sample: invented ППЭ, 1 to 6000 (default 100)')
    .option('--seed <number>', 'sample: the same seed is the same region (default 1)')
    .option('--replace', 'sample: also in place of an imported region')
    .option('--language <language>', 'Words of problems: ru or en (default en)')
    .option('--json', 'Print JSON');
}

function addUpdate(cli: CAC): Command {
  return cli
    .command(
      'update <verb> [subject]',
      'add FILE, root FILE, list, roll-out VERSION, go-on or stop: of agents',
    )
    .option('--config <file>', 'Settings (YAML)')
    .option('--data <dir>', 'Data folder')
    .option('--ppe <code>', 'roll-out: to one ППЭ')
    .option('--municipality <slug>', 'roll-out: to the ППЭ of a municipality')
    .option('--all', 'roll-out: to all')
    .option('--json', 'Print JSON');
}

function addSimulate(cli: CAC): Command {
  return cli
    .command('simulate', 'Drive a collector with a simulated fleet over the real protocol')
    .option('--to <url>', 'The collector, ws://host:port (default: of --data, or port 8080 here)')
    .option('--data <dir>', 'Data folder of the collector: its address and its token')
    .option('--token-file <file>', 'File with the token of its API, instead of --data')
    .option('--ppe <number>', 'ППЭ, 1 to 6000 (default 1); above 300 through relays')
    .option('--rooms <number>', 'Rooms of a ППЭ on average (default 11)')
    .option('--relays', 'One socket a ППЭ, through its Штаб, also for few')
    .option('--interval <time>', 'Period of heartbeats in real time (default: what it asks for)')
    .option('--seed <number>', 'The same seed is the same fleet (default 1)')
    .option('--script <file>', 'Faults (YAML), see deploy/simulate')
    .option('--start <time>', 'Simulated start, such as 2024-05-15T08:30+07:00 (default: now)')
    .option('--speed <factor>', 'Simulated time runs so much faster; heartbeats keep their period')
    .option('--time-zone <zone>', 'Zone of the ППЭ (default Asia/Novokuznetsk)')
    .option('--rehearsal', 'Play the collector’s plan with the workstations of its registry')
    .option(
      '--once',
      'Stop when the plan’s day is over; exit 1 when it went otherwise than scripted',
    )
    .option('--minutes <number>', 'Stop after so many real minutes (default: when asked to)')
    .option('--oracle <file>', 'Write what was really produced and acked, as JSON lines')
    .option('--json', 'Print the summary as JSON');
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
    return error instanceof BusyError ? exitCodes.busy : exitCodes.config;
  }
  // cac throws plain errors named CACError for unknown options and missing arguments.
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CACError')) {
    world.err(`ppe-collector: ${error.message.replaceAll('`', '"')}; see ppe-collector --help`);
    return exitCodes.usage;
  }
  throw error;
}
