import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hasPart } from '../support/has-part.ts';
import {
  everythingIn,
  hasProgram,
  done,
  makePackage,
  ran,
  root,
  sha256Of,
} from '../support/package-build.ts';
import { bareTree, books } from '../support/package-tree.ts';
import { tempDir } from '../support/temp-dir.ts';
import { askForDebugger, waitForDebugger } from './debugger.ts';

const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const shipped = join(root, 'agent', 'dist', 'shipped');
const unit = join(root, 'deploy', 'systemd', 'ppe-pulse-agent.service');
const hasRoot = process.getuid?.() === 0;
const hasSystemd = hasPart(hasProgram('systemd-analyze'), 'systemd-analyze');
const hasDpkg = hasRoot && hasPart(hasProgram('dpkg-deb') && hasProgram('xz'), 'dpkg');
const hasRpm = hasRoot && hasPart(hasProgram('rpmbuild'), 'rpm');
const hasNsis = isFull && hasPart(hasProgram('makensis'), 'nsis');
const MINUTES_MS = 60_000;

describe('the one file of the agent', () => {
  it('is of the same bytes when it is built twice, and named by its hash', () => {
    const folders = [tempDir(), tempDir()];
    for (const PPE_PULSE_BUILD_DIR of folders) bundle({ PPE_PULSE_BUILD_DIR });
    const [one = '', other = ''] = folders;
    for (const name of everythingIn(one))
      expect({ name, sha256: sha256Of(join(other, name)) }).toEqual({
        name,
        sha256: sha256Of(join(one, name)),
      });
    const manifest = JSON.parse(readFileSync(join(one, 'manifest.json'), 'utf8')) as object;
    expect(manifest).toEqual({
      product: 'ppe-pulse-agent',
      version: packageVersion(),
      sha256: sha256Of(join(one, 'agent.mjs')),
      size: statSync(join(one, 'agent.mjs')).size,
    });
  });

  it('can be built as another version, for an update', () => {
    const folder = tempDir();
    bundle({ PPE_PULSE_BUILD_DIR: folder, PPE_PULSE_BUILD_VERSION: '9.8.7' });
    const said = ran(process.execPath, [join(folder, 'agent.mjs'), '--version']).output;
    expect(said).toContain('ppe-agent/9.8.7');
  });

  it('asks for nothing but Node, and for koffi where it is not installed beside it', () => {
    const text = readFileSync(join(shipped, 'agent.mjs'), 'utf8');
    const named = [...text.matchAll(/(?:\bfrom|\bimport\()\s*["'`]([^"'`]+)["'`]/g)]
      .map((found) => found[1] ?? '')
      .filter((each) => !each.startsWith('node:'));
    const builtin = /^(?:child_process|events|path|url|fs|os|util|buffer|crypto|net|dgram)$/;
    expect(named.filter((each) => !builtin.test(each))).toEqual(['koffi']);
    const packed = brotliCompressSync(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }).length;
    console.log(`update: ${(packed / 1e3).toFixed(0)} kB (target 200)`);
    // No update may grow unseen.
    expect(packed).toBeLessThanOrEqual(200_000);
  });

  it('is its own probe child', async () => {
    const child = fork(join(shipped, 'agent.mjs'), ['probe-child'], {
      execArgv: ['--jitless'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.send({ id: 1, job: 'inventory', input: undefined });
    const [started] = (await once(child, 'message')) as [unknown];
    const [answer] = (await once(child, 'message')) as [unknown];
    expect(started).toEqual({ id: 1, kind: 'started' });
    expect(answer).toMatchObject({ kind: 'done', output: { platform: 'linux' } });
    expect((answer as { output: { osName: string } }).output.osName).toMatch(/\d/);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe.runIf(hasSystemd)('the unit', () => {
  it('is one that systemd understands to the last word', () => {
    const { output } = ran('systemd-analyze', ['verify', '--man=no', unit]);
    const remarks = output.split('\n').filter((line) => line.includes('ppe-pulse-agent'));
    // The program is not installed on this machine.
    expect(remarks.filter((line) => !line.includes('is not executable'))).toEqual([]);
  });

  it('exposes the PC no more than 1.5 of 10', () => {
    const flags = ['security', '--offline=true', '--no-pager', unit];
    const score = /exposure level for \S+: ([\d.]+)/.exec(ran('systemd-analyze', flags).output);
    console.log(`exposure: ${score?.[1]} (target 1.5)`);
    expect(Number(score?.[1])).toBeLessThanOrEqual(1.5);
  });
});

describe('packages', () => {
  it('are not made before somebody has said whose updates they believe', () => {
    const maker = join(root, 'deploy', 'package', 'package.mjs');
    for (const kinds of [[], ['all'], ['deb'], ['rpm', 'stick'], ['nsis'], ['msi']]) {
      const out = tempDir();
      const refused = ran(process.execPath, [maker, '--no-build', '--out', out, ...kinds]);
      expect(refused).toMatchObject({
        code: 1,
        output: expect.stringMatching(/^name --update-root/),
      });
      expect(everythingIn(out)).toEqual([]);
    }
    const both = ['--update-root', 'update-root.json', '--no-updates', 'deb'];
    expect(ran(process.execPath, [maker, '--no-build', ...both])).toMatchObject({ code: 1 });
  });
});

describe.runIf(hasDpkg)('the package for Debian and Astra', () => {
  it(
    'runs on its own runtime, opens no debugger, and leaves nothing when it is purged',
    async () => {
      const deb = makePackage('deb', tempDir());
      const tree = bareTree();
      const before = everythingIn(tree, books);
      const dpkg = ['--root', tree, '--force-depends', '--log', '/dev/null'];
      done('dpkg', [...dpkg, '-i', deb]);
      expect(everythingIn(tree)).toContain(
        'etc/systemd/system/multi-user.target.wants/ppe-pulse-agent.service',
      );
      answers(tree);
      await keepsDebuggerShut(tree);
      expect(statSync(join(tree, 'etc/ppe-pulse/agent.yaml')).mode & 0o777).toBe(0o600);
      livedIn(tree);
      // As an older package left them.
      chmodSync(join(tree, 'etc/ppe-pulse/agent.yaml'), 0o644);
      done('dpkg', [...dpkg, '-i', deb]);
      expect(statSync(join(tree, 'etc/ppe-pulse/agent.yaml')).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(tree, 'etc/ppe-pulse/agent.yaml'), 'utf8')).toBe('mode: quiet\n');
      done('dpkg', [...dpkg, '-P', 'ppe-pulse-agent']);
      expect(leftIn(tree, before)).toEqual([]);
    },
    5 * MINUTES_MS,
  );

  it('is not made with keys that nobody could sign under', () => {
    const file = join(tempDir(), 'update-root.json');
    writeFileSync(file, '{"version":1,"threshold":2,"keys":[{"id":"one","publicKey":"x"}]}');
    expect(() => makePackage('deb', tempDir(), false, ['--update-root', file])).toThrow(
      'names no keys to believe',
    );
  });

  it.runIf(isFull)(
    'is of the same bytes twice, also the one for arm64, and no bigger than an unstripped runtime makes it',
    () => {
      for (const kind of ['deb', 'deb-arm64']) {
        const [one, other] = [
          makePackage(kind, tempDir(), true),
          makePackage(kind, tempDir(), true),
        ];
        expect(sha256Of(other)).toBe(sha256Of(one));
        told(kind, one, { targetMb: 28, mostMb: 29 });
      }
    },
    60 * MINUTES_MS,
  );
});

describe.runIf(hasRpm)('the package for ALT and RED OS', () => {
  it(
    'runs on its own runtime, and leaves nothing when it is erased',
    () => {
      const rpm = makePackage('rpm', tempDir());
      const tree = bareTree();
      const before = everythingIn(tree, books);
      done('rpm', ['--root', tree, '--nodeps', '-i', rpm]);
      answers(tree);
      expect(statSync(join(tree, 'etc/ppe-pulse/agent.yaml')).mode & 0o777).toBe(0o600);
      livedIn(tree);
      done('rpm', ['--root', tree, '--nodeps', '-e', 'ppe-pulse-agent']);
      expect(leftIn(tree, before)).toEqual([]);
    },
    5 * MINUTES_MS,
  );

  it.runIf(isFull)(
    'is of the same bytes twice, no bigger than an unstripped runtime makes it, and installs',
    () => {
      // In whole size: only then its payload is packed anew.
      const [rpm, other] = [
        makePackage('rpm', tempDir(), true),
        makePackage('rpm', tempDir(), true),
      ];
      expect(sha256Of(other)).toBe(sha256Of(rpm));
      told('rpm', rpm, { targetMb: 28, mostMb: 29.5 });
      expect(ran('rpm', ['--checksig', '--nosignature', rpm]).output).toContain('digests OK');
      const tree = bareTree();
      done('rpm', ['--root', tree, '--nodeps', '-i', rpm]);
      answers(tree);
    },
    60 * MINUTES_MS,
  );
});

describe.runIf(hasNsis)('the installer for Windows', () => {
  it(
    'is of the same bytes twice, and as small as was promised',
    () => {
      const [one, other] = [
        makePackage('nsis', tempDir(), true),
        makePackage('nsis', tempDir(), true),
      ];
      expect(sha256Of(other)).toBe(sha256Of(one));
      told('nsis', one, { targetMb: 25, mostMb: 25 });
    },
    60 * MINUTES_MS,
  );
});

function bundle(env: Record<string, string>): void {
  const rolldown = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  const all = { ...process.env, ...env };
  const how = { cwd: join(root, 'agent'), env: all };
  done(process.execPath, [rolldown, '-c', 'rolldown.shipped.mjs'], how);
}

function packageVersion(): string {
  const text = readFileSync(join(root, 'agent', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The installed command in a tree where there is no other Node, with the flags of the service. */
function answers(tree: string): void {
  const installed = join(tree, 'opt', 'ppe-pulse-agent');
  const flags = ['--jitless', '--optimize-for-size', '--max-semi-space-size=1'];
  const asked = (verb: string) =>
    ran(join(installed, 'node'), [...flags, join(installed, 'launcher.mjs'), verb, '--json'], {
      env: {
        PPE_PULSE_DATA_DIR: tempDir(),
        PPE_PULSE_CONFIG: join(tree, 'etc', 'ppe-pulse', 'agent.yaml'),
      },
    });
  expect([0, 1, 2, 3]).toContain(asked('check').code);
  const shown = JSON.parse(asked('inspect').output) as { heartbeat: { metrics: object } };
  expect(shown.heartbeat.metrics).toHaveProperty(['pc.uptime.seconds']);
}

/** The agent with the flags of the unit, and its child, asked by the signal that Node has for it. */
async function keepsDebuggerShut(tree: string): Promise<void> {
  const unitThere = readFileSync(join(tree, 'lib/systemd/system/ppe-pulse-agent.service'), 'utf8');
  const command = /^ExecStart=\S+ (.*) run /m.exec(unitThere)?.[1]?.split(' ') ?? [];
  const flags = command.filter((word) => word.startsWith('--'));
  const home = tempDir();
  const settings = join(home, 'agent.yaml');
  const collector = { url: 'ws://127.0.0.1:1', publicKey: 'A'.repeat(43) };
  // Its own page listens, too: here nothing may.
  writeFileSync(settings, JSON.stringify({ collector, page: { enabled: false } }));
  const installed = join(tree, 'opt', 'ppe-pulse-agent');
  const node = join(installed, 'node');
  const agent = await askForDebugger({
    node,
    args: [...flags, join(installed, 'launcher.mjs'), 'run', '--config', settings],
    env: { PPE_PULSE_DATA_DIR: join(home, 'data') },
    isUp: () => existsSync(join(home, 'data', 'status.json')),
    hasChild: true,
  });
  // The witness was asked later, and has opened its own: then this one would have, too.
  const shut = '--disable-sigusr1';
  const witness = await waitForDebugger(
    node,
    flags.filter((flag) => flag !== shut),
  );
  expect(witness.listening()).toMatchObject([[expect.stringMatching(/^0100007F:/)]]);
  // The agent and the child that it measures with.
  expect(agent.listening()).toEqual([[], []]);
  expect(agent.isAlive()).toBe(true);
}

/** What was not there before; dpkg also takes folders along that were empty. */
function leftIn(tree: string, before: readonly string[]): string[] {
  return everythingIn(tree, books).filter((path) => !before.includes(path));
}

/** What a service and a technician leave behind. */
function livedIn(tree: string): void {
  for (const folder of ['var/lib/private/ppe-pulse-agent/journal', 'var/lib/ppe-pulse-agent']) {
    mkdirSync(join(tree, folder), { recursive: true });
    writeFileSync(join(tree, folder, 'agent.key'), 'a key');
  }
  writeFileSync(join(tree, 'etc/ppe-pulse/agent.yaml'), 'mode: quiet\n');
}

/** Prints a size beside its target; over the bound something was added that nobody weighed. */
function told(
  kind: string,
  path: string,
  { targetMb, mostMb }: { targetMb: number; mostMb: number },
) {
  const megabytes = statSync(path).size / 1e6;
  console.log(`${kind}: ${megabytes.toFixed(2)} MB (target ${targetMb})`);
  expect(megabytes).toBeLessThanOrEqual(mostMb);
}
