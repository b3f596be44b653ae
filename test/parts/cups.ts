import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/influxd.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hasPart } from '../support/has-part.ts';

const CUPSD = '/usr/sbin/cupsd';

/** True where Debian's cups is installed. */
export const hasCups = hasPart(existsSync(CUPSD) && existsSync('/usr/sbin/ippeveprinter'), 'CUPS');

/** A private CUPS server whose printers do what a test says. */
export interface Cups {
  readonly port: number;
  readonly process: ChildProcess;
  /** `ipp://…` of a queue. */
  uri(queue: string): string;
  /** Adds a queue; the default device is a printer that obeys `say`. */
  addQueue(queue: string, deviceUri?: string): void;
  /**
   * What the printer of a queue does with its next and its present job: lines of a CUPS backend
   * (`STATE: +media-jam-error`, `ATTR: marker-levels=3`, `PAGE: 1 1`), `exit N` ends the job.
   */
  say(queue: string, lines: string): void;
  /** Prints a text; answers the job's number. */
  print(queue: string, title?: string): number;
  /** Runs a CUPS command of this server. */
  command(name: string, ...flags: string[]): string;
}

/** Starts cupsd in a folder of its own, on a free loopback port; it goes with the test. */
export async function startCups(): Promise<Cups> {
  const home = tempDir();
  const port = await freePort();
  const say = (queue: string, lines: string): void =>
    writeFileSync(join(home, 'ctl', queue), `${lines}\n`);
  layOut(home, port);
  const child = spawn(
    CUPSD,
    ['-f', '-c', join(home, 'etc/cupsd.conf'), '-s', join(home, 'etc/cups-files.conf')],
    {
      stdio: 'ignore',
    },
  );
  onTestFinished(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    // Backends wait for their orders, or for a printer that is gone, by the name of their device: what they
    // print lies in the folder, too.
    spawnSync('pkill', ['-KILL', '-f', `${home}/`]);
  });
  await until(() => answers(port), 'cupsd listens');
  const command = (name: string, ...flags: string[]): string => {
    const env = { PATH: '/usr/bin:/usr/sbin:/bin', CUPS_SERVER: `127.0.0.1:${port}`, LC_ALL: 'C' };
    const done = spawnSync(name, flags, { encoding: 'utf8', env, timeout: 10_000 });
    if (done.status !== 0) throw new Error(`${name} ${flags.join(' ')}: ${done.stderr}`);
    return done.stdout;
  };
  const document = join(home, 'sheet.txt');
  writeFileSync(document, 'one sheet\n');
  return {
    port,
    process: child,
    command,
    say,
    uri: (queue) => `ipp://127.0.0.1:${port}/printers/${queue}`,
    addQueue: (queue, deviceUri = `fault:/${queue}`) => {
      say(queue, '');
      const policy = ['-o', 'printer-error-policy=stop-printer'];
      command('lpadmin', '-p', queue, '-E', '-v', deviceUri, '-m', 'raw', ...policy);
    },
    print: (queue, title = 'sheet') => {
      const told = command('lp', '-d', queue, '-t', title, document);
      return Number(/-(\d+) /.exec(told)?.[1]);
    },
  };
}

function layOut(home: string, port: number): void {
  // The scheduler's helpers run as another user.
  chmodSync(home, 0o755);
  for (const folder of ['etc/ssl', 'spool/tmp', 'cache', 'state', 'log', 'ctl'])
    mkdirSync(join(home, folder), { recursive: true });
  cpSync('/usr/lib/cups', join(home, 'bin'), { recursive: true, dereference: true });
  writeFileSync(join(home, 'bin/backend/fault'), backend(join(home, 'ctl')));
  chmodSync(join(home, 'bin/backend/fault'), 0o755);
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? 'lp' : spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim();
  if (isRoot) {
    const group = Number(/^lp:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1] ?? 7);
    for (const folder of ['spool', 'spool/tmp', 'cache', 'state', 'ctl']) {
      chownSync(join(home, folder), 0, group);
      chmodSync(join(home, folder), 0o770);
    }
    chmodSync(join(home, 'ctl'), 0o755);
  }
  writeFileSync(
    join(home, 'etc/cups-files.conf'),
    [
      `ServerRoot ${home}/etc`,
      `RequestRoot ${home}/spool`,
      `CacheDir ${home}/cache`,
      `StateDir ${home}/state`,
      `ServerBin ${home}/bin`,
      'DataDir /usr/share/cups',
      `TempDir ${home}/spool/tmp`,
      ...['Access', 'Error', 'Page'].map((log) => `${log}Log ${home}/log/${log.toLowerCase()}_log`),
      `User ${user}`,
      `Group ${user}`,
      `SystemGroup ${isRoot ? 'root' : user}`,
    ].join('\n'),
  );
  writeFileSync(
    join(home, 'etc/cupsd.conf'),
    `LogLevel warn
MaxJobTime 0
Listen 127.0.0.1:${port}
Browsing No
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
`,
  );
}

/** A printer whose every word is in a file: takes the job, then reads orders five times a second. */
function backend(orders: string): string {
  return `#!/bin/sh
[ $# = 0 ] && { echo 'direct fault "Fault" "Fault printer"'; exit 0; }
file=${orders}/\${DEVICE_URI#fault:/}
cat > /dev/null < "\${6:-/dev/stdin}"
last=
while :; do
  now=$(cat "$file" 2>/dev/null)
  if [ "$now" != "$last" ]; then
    printf '%s\\n' "$now" | grep -E '^(STATE|ATTR|PAGE|INFO|ERROR):' >&2
    last=$now
  fi
  code=$(printf '%s\\n' "$now" | sed -n 's/^exit //p')
  [ -n "$code" ] && exit "$code"
  sleep 0.2
done
`;
}

/** True when somebody listens at a loopback port. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
