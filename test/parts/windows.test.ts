import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProcNetDev } from '../../agent/src/platform/nic-counters.ts';
import type { NicCounters } from '../../agent/src/platform/nic-table.ts';
import type { ProcessTimes } from '../../agent/src/platform/process-use.ts';
import type { SoundCounts } from '../../agent/src/probes/sound/sound-devices.ts';
import { AGENT_VERSION } from '../../agent/src/version.ts';
import { detailsOf } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { hasCups, startCups } from './cups.ts';
import { hasPulseAudio, microphone, speakers, startPulseAudio } from './pulseaudio.ts';
import {
  hasWindows,
  startWindows,
  type Battery,
  type HowToRun,
  type WindowsPc,
} from './windows.ts';

const UNINSTALL = 'Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const USB = 'HKLM\\System\\CurrentControlSet\\Enum\\USB\\VID_04A9&PID_190F\\SN-0042';
const MONITOR = 'HKLM\\System\\CurrentControlSet\\Enum\\DISPLAY\\Default_Monitor\\0000&0000';
/** The first timing of a 1920×1080 screen; the rest of the block is zero. */
const FULL_HD_EDID = `00ffffffffffff00${'00'.repeat(46)}023a801871382d40582c4500${'00'.repeat(62)}`;
const IMAGE_CLASS = '{6bdd1fc6-810f-11d0-bec7-08002be2092f}';
/** Words that would tell who printed what. */
const TELLING = ['Ivanov', 'Иванов', 'EGE-2024', 'sheet.txt', 'SN-0042', 'usb1', 'PRIVATE KEY'];
const CONFIG = 'настройки агента.yaml';
/** The slowest probe of the steady state has a period of a minute. */
const WATCHED_MS = process.env.PPE_PULSE_TEST_FULL === '1' ? 70_000 : 15_000;

interface RegistryValue {
  readonly type?: 'REG_SZ' | 'REG_BINARY';
  readonly view?: 32 | 64;
}

/**
 * Windows' own node.exe and the agent's own bundle, under wine: this proves signatures, structures and
 * paths. What wine makes up itself (states of printers, of drivers) is proven by vectors elsewhere.
 */
describe.skipIf(!hasWindows())('Windows, by wine', { timeout: 120_000 }, () => {
  let pc: WindowsPc;
  beforeAll(async () => {
    pc = await startWindows();
  }, 90_000);
  afterAll(() => pc.stop());

  const write = (settings: object): void =>
    writeFileSync(join(pc.home, CONFIG), JSON.stringify({ dataDir: './данные', ...settings }));
  const agent = (args: readonly string[], how?: HowToRun) =>
    pc.node([pc.path('main.js'), ...args, '--config', pc.path(CONFIG)], how);
  const add = async (key: string, name: string, value: string, how: RegistryValue = {}) => {
    const { type = 'REG_SZ', view = 64 } = how;
    const flags = ['/v', name, '/t', type, '/d', value, '/f', `/reg:${view}`];
    const done = await pc.program('reg', 'add', key, ...flags);
    expect(done).toMatchObject({ code: 0 });
  };

  it('binds the key of the agent to its PC: the file of another one opens nowhere', async () => {
    write({});
    const first = await agent(['identity', '--json']);
    expect(first).toMatchObject({ code: 0 });
    const path = join(pc.home, 'данные', 'agent.key');
    const kept = readFileSync(path, 'utf8');
    expect(kept).toMatch(/^ppe-pulse guarded key [A-Za-z0-9+/=]+\n$/);
    expect(await agent(['identity', '--json'])).toEqual(first);
    const bound = Buffer.from(kept.slice('ppe-pulse guarded key '.length), 'base64');
    bound[bound.length - 20] = (bound.at(-20) ?? 0) ^ 1;
    writeFileSync(path, `ppe-pulse guarded key ${bound.toString('base64')}\n`);
    const strange = await agent(['identity', '--json']);
    writeFileSync(path, kept);
    expect(strange).toMatchObject({ code: 78 });
    expect(strange.errors).toContain('was made on another PC, or is damaged');
    expect(await agent(['identity', '--json'])).toEqual(first);
  });

  it('the agent starts from a folder with Cyrillic letters and spaces', async () => {
    write({});
    const told = await pc.node([pc.path('main.js'), '--version']);
    expect(told).toMatchObject({ code: 0 });
    expect(told.output).toContain(`ppe-agent/${AGENT_VERSION} win32-x64`);
    const wrong = await pc.node([pc.path('main.js'), 'check', '--config', pc.path('нет.yaml')]);
    expect(wrong.code).toBe(78);
    expect(wrong.errors).toContain('нет.yaml: cannot be read (ENOENT)');
  });

  it.skipIf(!hasCups)('queues of a real cupsd are listed, opened and asked', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    cups.addQueue('kab-0012');
    cups.print('usb1', 'Иванов EGE-2024');
    const env = { CUPS_SERVER: `127.0.0.1:${cups.port}` };
    const [queues, open, missing] = await pc.ask(
      [
        ['winspoolQueues', null],
        ['winspool', 'usb1'],
        ['winspool', 'нет такой'],
      ],
      { env },
    );
    expect(queues).toEqual(['kab-0012', 'usb1']);
    // Opened and asked for its state; wine has no list of jobs to give, which is not «no jobs».
    expect(String(open)).toContain('EnumJobs failed');
    // The spooler does not run: it knows no queue at all.
    expect(missing).toBe('spoolerDown');
  });

  it('a service runs and is stopped again, and a spooler that does not run is told apart', async () => {
    const [before, started, running, , after] = await pc.ask([
      ['scannerDevices', null],
      ['$run', ['net', 'start', 'stisvc']],
      ['scannerDevices', null],
      ['$run', ['net', 'stop', 'stisvc']],
      ['scannerDevices', null],
    ]);
    expect(started).toBe(0);
    expect([before, running, after]).toMatchObject(
      ['onDemand', 'running', 'onDemand'].map((service) => ({ service })),
    );
    const [, withSpooler] = await pc.ask([
      ['$run', ['net', 'start', 'spooler']],
      ['winspool', 'нет такой'],
      ['$run', ['net', 'stop', 'spooler']],
    ]);
    // Undefined: a spooler that runs and does not know it.
    expect(withSpooler).toBeUndefined();
  });

  it('a scanner that is plugged in is found by its class and by its USB id, and is gone again', async () => {
    const look = () =>
      pc.ask([
        ['scannerDevices', null],
        ['scannerDevices', '04a9:190f'],
        ['scannerDevices', '04a9:190'],
        ['scannerDevices', '04a9:2206'],
        ['usbPresence', '04a9:190f'],
        ['usbPresence', '04a9:190'],
      ]);
    await add(USB, 'ClassGUID', IMAGE_CLASS);
    await add(USB, 'Class', 'Image');
    await add(USB, 'Service', 'UsbScan');
    const found = { devices: [{ isImage: true, driver: 'usbscan', problem: 0 }] };
    const none = { devices: [] };
    const seen = await look();
    expect(seen).toMatchObject([found, found, none, none, true, false]);
    expect(JSON.stringify(seen)).not.toContain('0042');
    await pc.program('reg', 'delete', USB, '/f');
    expect(await look()).toMatchObject([none, none, none, none, false, false]);
  });

  it('programs are looked up for the machine, in its 32-bit half and for the person', async () => {
    const kege = `HKLM\\${UNINSTALL}\\{0f1e2d3c-kege}`;
    await add(kege, 'DisplayName', 'Станция КЕГЭ 7.1');
    await add(kege, 'DisplayVersion', '7.1.12');
    await add(`HKLM\\${UNINSTALL}\\pascal`, 'DisplayName', 'PascalABC.NET', { view: 32 });
    await add(`HKCU\\${UNINSTALL}\\python`, 'DisplayName', 'Python 3.11.2 (64-bit)');
    await add(`HKLM\\${UNINSTALL}\\nameless`, 'DisplayVersion', '1.0');
    const [look] = await pc.ask([
      [
        'software',
        [
          { match: 'станция кегэ*' },
          { match: 'Станция*', version: '7.1.12' },
          { match: 'Станция*', version: '7.2' },
          { match: 'PascalABC.NET' },
          { match: 'Python 3.*(64-bit)' },
          { match: 'Python 3.*', version: '3.11' },
          { match: 'nameless' },
        ],
      ],
    ]);
    // A program that tells no version proves none.
    expect(look).toEqual({
      kind: 'seen',
      installed: [true, true, false, true, true, false, false],
    });
  });

  it.skipIf(!hasPulseAudio())('sound devices are counted as they come and go', async () => {
    const count = async (...modules: readonly string[]): Promise<SoundCounts> => {
      const server = await startPulseAudio(...modules);
      const [counts] = await pc.ask([['soundCounts', null]], {
        env: { PULSE_SERVER: server.address },
      });
      return counts as SoundCounts;
    };
    const speakersOnly = await count(speakers);
    const both = await count(speakers, microphone);
    // wine adds a default device of its own and counts what an output plays as an input.
    expect(both.outputs).toBe(speakersOnly.outputs);
    expect(both.inputs).toBe(speakersOnly.inputs + 1);
    const [without] = await pc.ask([['soundCounts', null]], {
      env: { PULSE_SERVER: 'unix:/nowhere' },
    });
    expect(without).toEqual({ outputs: 0, inputs: 0 });
  });

  it('the zone is the one that Windows has now', async () => {
    for (const [zone, minutes] of [
      ['Asia/Novokuznetsk', 420],
      ['Europe/Moscow', 180],
      ['Asia/Kolkata', 330],
      ['America/Bogota', -300],
    ] as const) {
      expect(await pc.ask([['zone', null]], { env: { TZ: zone } })).toEqual([minutes]);
    }
  });

  it.skipIf(process.getuid?.() !== 0)(
    'mains and battery are told as the kernel has them',
    async () => {
      const look = async (battery?: Battery) =>
        (await pc.ask([['power', null]], battery ? { battery } : {}))[0];
      const desktop = await look();
      const onMains = await look({ online: 1, status: 'Charging', capacity: 57 });
      const onBattery = await look({ online: 0, status: 'Discharging', capacity: 57 });
      expect(desktop).toEqual({ kind: 'nothing' });
      expect(onMains).toMatchObject({
        kind: 'seen',
        facts: { isOnMains: true, chargeRatio: 0.57 },
      });
      // 28.5 Wh at 15 W are 1.9 hours.
      expect(onBattery).toEqual({
        kind: 'seen',
        facts: { isOnMains: false, chargeRatio: 0.57, runtimeMs: 1.9 * 3_600_000 },
      });
    },
  );

  it('screen, counters of the cards and a process are what the machine itself counts', async () => {
    const [screens, nics, own, nobody] = (await pc.ask([
      ['screens', null],
      ['nicCounters', null],
      ['processTimes', '$pid'],
      ['processTimes', 999_999],
    ])) as [unknown, NicCounters[], ProcessTimes, unknown];
    // The desktop that wine draws for nobody, on a screen that tells nothing of itself.
    const desktop = [{ width: 1_024, height: 768 }];
    expect(screens).toEqual({ isPersons: true, desktop, monitors: [null] });
    const parameters = `${MONITOR}\\Device Parameters`;
    await add(parameters, 'EDID', FULL_HD_EDID, { type: 'REG_BINARY' });
    const [plugged] = await pc.ask([['screens', null]]);
    expect(plugged).toMatchObject({ monitors: [{ width: 1_920, height: 1_080 }] });
    await pc.program('reg', 'delete', parameters, '/v', 'EDID', '/f');
    const received = parseProcNetDev(readFileSync('/proc/net/dev', 'utf8'))
      .filter(({ name }) => name !== 'lo')
      .reduce((sum, nic) => sum + nic.receivedBytes, 0);
    const told = nics.reduce((sum, nic) => sum + nic.receivedBytes, 0);
    expect(told).toBeLessThanOrEqual(received);
    expect(told).toBeGreaterThan(received - 50_000_000);
    expect(own.rssBytes).toBeGreaterThan(20_000_000);
    expect(own.cpuMs).toBeGreaterThan(10);
    expect(own.ageMs).toBeGreaterThan(50);
    expect(own.ageMs).toBeLessThan(20_000);
    expect(nobody).toBeUndefined();
  });

  it.skipIf(!hasCups)(
    'the whole agent checks and inspects itself in JSON, and tells of nobody',
    async () => {
      const cups = await startCups();
      cups.addQueue('usb1');
      cups.say('usb1', 'STATE: +media-jam-error');
      cups.print('usb1', 'Иванов Ivanov EGE-2024');
      const settings = {
        timeZone: 'Asia/Novokuznetsk',
        software: [{ name: 'KEGE station', match: 'Иванов*' }],
        scanners: [{ usb: '04a9:190f' }],
      };
      write({
        ...settings,
        printers: [{ winspool: 'usb1' }, { winspool: 'Иванов' }, { usb: '03f0:2b17' }],
      });
      const env = { CUPS_SERVER: `127.0.0.1:${cups.port}` };
      const identity = await agent(['identity', '--json']);
      const { agentId } = JSON.parse(identity.output) as { agentId: string };
      expect(agentId).toMatch(/^w-[0-9a-f]{16}$/);
      const check = await agent(['check', '--json'], { env });
      // Without a list of printers the spooler's own queues are found.
      write(settings);
      const inspect = await agent(['inspect', '--json'], { env });
      expect(check.code).toBe(2);
      expect(inspect.code).toBe(0);
      const { checks } = JSON.parse(check.output) as {
        checks: { id: string; verdict: string; reason: string }[];
      };
      const found = new Map(checks.map(({ id, reason }) => [id, reason]));
      expect(Object.fromEntries(found)).toMatchObject({
        'pc.ram': 'ok',
        'pc.screen': 'ok',
        'pc.software': 'requiredMissing',
        'clock.zone': 'wrongZone',
        'scanner.state': 'scannerAbsent',
        'printer.state': 'probeFailed',
        'printer.2.state': 'spoolerDown',
        'printer.3.state': 'offline',
      });
      // There is no battery: nothing to judge.
      expect(found.has('pc.ups')).toBe(false);
      const { heartbeat } = JSON.parse(inspect.output) as {
        heartbeat: { metrics: Record<string, number>; verdicts: { id: string }[] };
      };
      expect(heartbeat.verdicts.map(({ id }) => id)).toContain('printer.state');
      expect(Object.keys(heartbeat.metrics)).toEqual(
        expect.arrayContaining([
          'pc.disk.freeBytes',
          'net.rx.bytesPerSecond',
          'pc.screen.width.pixels',
          'audio.outputs.count',
        ]),
      );
      const said = [check.output, check.errors, inspect.output, inspect.errors].join('\n');
      for (const word of TELLING) expect(said).not.toContain(word);
    },
  );

  it('an agent that runs sends heartbeats, and once it is up starts no process at all', async () => {
    const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const { body } = await api(collector, '/api/v1/collector');
    const url = collector.url.replace('http', 'ws');
    write({
      collector: { url, publicKey: (body as { publicKey?: string }).publicKey },
      inventory: { cron: '' },
      printers: [],
      app: { pidFile: pc.path('экзамен.pid') },
    });
    const told = await agent(['identity', '--json']);
    const { agentId, publicKey } = JSON.parse(told.output) as Record<string, string>;
    const placement = { siteCode: '0042', roomCode: '7777', role: 'hq', duty: 'main' };
    await api(collector, '/api/v1/workstations', {
      method: 'POST',
      body: { publicKey, placement },
    });
    const stopping = new AbortController();
    const running = agent(['run'], { signal: stopping.signal });
    const metric = async (id: string) => (await detailsOf(collector, agentId ?? '')).metrics[id];
    await until(async () => (await metric('net.rx.bytesPerSecond')) !== undefined, 'a heartbeat');
    // The exam program: for want of one the agent itself, by the pid that Windows gave it.
    const status = readFileSync(join(pc.home, 'данные', 'status.json'), 'utf8');
    writeFileSync(
      join(pc.home, 'экзамен.pid'),
      String((JSON.parse(status) as { pid: number }).pid),
    );
    await until(async () => ((await metric('app.rss.bytes')) ?? 0) > 20_000_000, 'its memory');
    expect(await metric('app.running.count')).toBe(1);
    const known = processesOf(pc.prefix);
    expect(await startedWithin(WATCHED_MS, pc.prefix, known)).toEqual([]);
    // The watch itself is not blind.
    const noticed = startedWithin(5_000, pc.prefix, known);
    await pc.program('reg', 'query', 'HKCU\\Software');
    // Seen as itself, or as the launcher that is about to become it.
    expect((await noticed).join()).toMatch(/\breg\b/);
    const rate = await metric('net.rx.bytesPerSecond');
    expect(rate).toBeGreaterThanOrEqual(0);
    stopping.abort();
    await running;
  });
});

/** Names of processes that were started in a prefix meanwhile. */
async function startedWithin(
  ms: number,
  prefix: string,
  known: ReadonlyMap<number, string>,
): Promise<string[]> {
  const started = new Map<number, string>();
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    for (const [pid, name] of processesOf(prefix, known)) started.set(pid, name);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return [...started.values()];
}

/** Processes of a prefix by their pid, without those that are known. */
function processesOf(prefix: string, known?: ReadonlyMap<number, string>): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || known?.has(pid)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      if (!environment.includes(`WINEPREFIX=${prefix}`)) continue;
      found.set(pid, readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' '));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
