import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commands, listening, runToEnd, start } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const serve = (dataDir: string, ...flags: string[]) =>
  runToEnd(commands.collector, ['serve', '--port', '0', '--data', dataDir, ...flags]);

/** One line, the given code, and a word of what to do. */
function expectRefusal(
  ended: { code: number; errors: string },
  code: number,
  ...words: string[]
): void {
  expect(ended.code).toBe(code);
  const lines = ended.errors
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('{'));
  expect(lines).toHaveLength(1);
  for (const word of words) expect(lines[0]).toContain(word);
}

describe('a collector that cannot start says in one line what to do', () => {
  it('when the port is used', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const ended = await runToEnd(commands.collector, [
      'serve',
      '--port',
      String(port),
      '--data',
      tempDir(),
    ]);
    expectRefusal(ended, 78, String(port), '--port');
  });

  it('when the data folder is a file, or cannot be written', async () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    expectRefusal(await serve(file), 78, 'not writable', '--data');
    expectRefusal(await serve('/dev/null/data'), 78, 'not writable', '--data');
  });

  it('when another collector has the folder', async () => {
    const dataDir = tempDir();
    const first = start(commands.collector, ['serve', '--port', '0', '--data', dataDir]);
    await listening(dataDir, first);
    expectRefusal(await serve(dataDir), 75, 'another collector', `pid ${first.process.pid}`);
    first.kill('SIGKILL');
    await first.ended;
    const third = start(commands.collector, ['serve', '--port', '0', '--data', dataDir]);
    await listening(dataDir, third);
    third.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });

  it('when the folder is of a newer version', async () => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'layout.json'), '{"layout":99}');
    expectRefusal(await serve(dataDir), 78, 'newer version', 'layout 99');
    writeFileSync(join(dataDir, 'layout.json'), 'garbage');
    expectRefusal(await serve(dataDir), 78, 'damaged');
  });

  it.each(['state.sqlite', 'collector.key'])('when %s is damaged', async (name) => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, name), 'garbage '.repeat(2_000));
    expectRefusal(await serve(dataDir), 78, name, 'damaged', 'restore');
  });

  it('when the configuration has an unknown key, a wrong value, no file, or is no YAML', async () => {
    const file = join(tempDir(), 'collector.yaml');
    const withFile = (text: string) => {
      writeFileSync(file, text);
      return serve(tempDir(), '--config', file);
    };
    expectRefusal(await withFile('prot: 1'), 78, file, '"prot"', 'did you mean "port"');
    expectRefusal(await withFile('series: { rawDays: many }'), 78, file, 'series.rawDays');
    expectRefusal(await withFile('timeZone: Mars/Olympus'), 78, file, 'Mars/Olympus');
    expectRefusal(await withFile('a: [b'), 78, file, 'not YAML');
    expectRefusal(await serve(tempDir(), '--config', '/nope.yaml'), 78, '/nope.yaml', '--config');
  });

  it('when it should listen beyond loopback without TLS', async () => {
    expectRefusal(await serve(tempDir(), '--host', '0.0.0.0'), 78, 'loopback', '--insecure');
  });

  it('when the command line is wrong', async () => {
    const run = (...flags: string[]) => runToEnd(commands.collector, flags);
    expectRefusal(await run('srve'), 64, 'did you mean "serve"');
    expectRefusal(await run(), 64, 'name a command');
    expectRefusal(await run('serve', '--prt', '1'), 64, '--prt');
    expectRefusal(await run('serve', '--port', 'high'), 64, '--port');
    expectRefusal(await run('backup'), 64, 'backup');
    expect((await run('--help')).code).toBe(0);
  });
});

describe('a collector that starts', () => {
  it('keeps its secrets to its own user and prints its settings masked', async () => {
    const dataDir = tempDir();
    const child = start(commands.collector, ['serve', '--port', '0', '--data', dataDir]);
    await listening(dataDir, child);
    for (const name of ['admin.token', 'collector.key'])
      expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    child.kill('SIGINT');
    expect(await child.ended).toBe(0);
    const printed = await runToEnd(commands.collector, ['serve', '--print-config'], {
      PPE_PULSE_SERIES_INFLUX_PASSWORD: 'hunter2',
    });
    expect(JSON.parse(printed.output)).toMatchObject({ series: { influx: { password: '***' } } });
    expect(printed.output + printed.errors).not.toContain('hunter2');
  });

  it('is backed up while it runs and restored into an empty folder only', async () => {
    const dataDir = tempDir();
    const child = start(commands.collector, ['serve', '--port', '0', '--data', dataDir]);
    await listening(dataDir, child);
    const authority = ['tls', 'init', '--authority-only', '--data', dataDir];
    expect((await runToEnd(commands.collector, authority)).code).toBe(0);
    const backup = join(tempDir(), 'backup');
    const made = await runToEnd(commands.collector, [
      'backup',
      backup,
      '--data',
      dataDir,
      '--json',
    ]);
    expect([made.code, made.errors]).toEqual([0, '']);
    expect(JSON.parse(made.output)).toMatchObject({ directory: backup });
    expectRefusal(
      await runToEnd(commands.collector, ['backup', backup, '--data', dataDir]),
      78,
      'not empty',
    );
    expectRefusal(
      await runToEnd(commands.collector, ['restore', backup, '--data', dataDir]),
      78,
      'not empty',
    );
    child.kill('SIGINT');
    await child.ended;
    const manifest = join(backup, 'manifest.json');
    const restored = join(tempDir(), 'restored');
    // The certificate that lets it listen to others is itself in the backup.
    const settings = join(tempDir(), 'collector.yaml');
    writeFileSync(settings, JSON.stringify({ dataDir: restored, host: '0.0.0.0' }));
    const config = ['--config', settings];
    expectRefusal(await runToEnd(commands.collector, ['doctor', ...config]), 78, 'no TLS');
    const remade = await runToEnd(commands.collector, ['restore', backup, ...config]);
    expect(remade).toMatchObject({ code: 0, errors: '' });
    // A region's agents believe this authority and no other.
    const key = join('tls', 'ca.key');
    expect(readFileSync(join(restored, key))).toEqual(readFileSync(join(dataDir, key)));
    expect(statSync(join(restored, key)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(restored, 'collector.key'))).toEqual(
      readFileSync(join(dataDir, 'collector.key')),
    );
    expectRefusal(
      await runToEnd(commands.collector, ['restore', backup, '--data', join(manifest, 'data')]),
      78,
      'cannot be made',
    );
    const again = start(commands.collector, ['serve', '--port', '0', '--data', restored]);
    await listening(restored, again);
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace(/"sha256": "../, '"sha256": "00'),
    );
    const target = join(tempDir(), 'never');
    expectRefusal(
      await runToEnd(commands.collector, ['restore', backup, '--data', target]),
      78,
      'checksum',
    );
    mkdirSync(target, { recursive: true });
    expect(readdirSync(target)).toEqual([]);
  });

  it('is looked over by doctor', async () => {
    const well = await runToEnd(commands.collector, ['doctor', '--data', tempDir(), '--json'], {
      PPE_PULSE_PORT: '0',
    });
    expect(well.code).toBe(0);
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'layout.json'), '{"layout":99}');
    const ill = await runToEnd(commands.collector, ['doctor', '--data', dataDir], {
      PPE_PULSE_PORT: '0',
    });
    expect(ill.code).toBe(1);
    expect(ill.output).toContain('FAIL stores');
  });
});
