import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openIdentity } from '../../agent/src/platform/identity.ts';
import { WIND_DOWN_MS } from '@ppe-pulse/protocol';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { agentPlan, signedPlan } from '../support/agent-plans.ts';
import { commands, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hasLine, openLine, type Line, type LineEnd } from './line.ts';

const NFT = '/usr/sbin/nft';
const IP = '/usr/bin/ip';
/** What stands in the room and beyond it. */
const printer = '10.99.1.3';
const at = {
  collector: '10.99.1.2:8080',
  portal: '10.99.1.4:443',
  camera: '10.99.1.5:554',
  internet: '10.99.1.6:443',
  reserve: '10.99.1.7:443',
} as const;
/** The PC has no resolver of its own: what asks for a name sends to this port, wherever. */
const DNS_PORT = 53;

/** Packets that left the PC, by `address:port`. */
type Sent = ReadonlyMap<string, number>;

async function done(line: Line, end: LineEnd, command: string, args: readonly string[]) {
  const script = line.start(end, command, args);
  const code = await new Promise((resolve) => script.process.once('exit', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${script.errors()}`);
}

/** Counts every packet of TCP and UDP by where it goes: nothing is sent that is not seen here. */
async function counted(line: Line) {
  const nft = (command: string) => done(line, 'near', NFT, [command]);
  const key = 'ipv4_addr . inet_service';
  await nft(`add set inet line sent { type ${key}; size 65535; flags dynamic; counter; }`);
  await nft('add chain inet line output { type filter hook output priority 0; }');
  await nft(
    'add rule inet line output meta l4proto { tcp, udp } update @sent { ip daddr . th dport }',
  );
  await nft('add counter inet line other');
  await nft('add rule inet line output ip protocol != { tcp, udp } counter name other');
  return {
    sent: async (): Promise<Sent> => {
      const script = line.start('near', NFT, ['-j', 'list', 'set', 'inet', 'line', 'sent']);
      const { nftables } = (await script.next()) as { nftables: { set?: { elem?: Element[] } }[] };
      const elements = nftables.flatMap(({ set }) => set?.elem ?? []);
      return new Map(elements.map(({ elem }) => [elem.val.concat.join(':'), elem.counter.packets]));
    },
    fresh: () => nft('flush set inet line sent'),
  };
}
interface Element {
  readonly elem: {
    readonly val: { readonly concat: readonly (string | number)[] };
    readonly counter: { readonly packets: number };
  };
}

/** An organizer's workstation with everything configured that an agent can talk to, and a cached plan. */
async function workstation(quietFromMs: number, quietToMs: number) {
  const home = tempDir();
  const dataDir = join(home, 'data');
  mkdirSync(dataDir);
  const collector = newIdentity();
  const { agentId } = await openIdentity(dataDir);
  const plan = agentPlan(agentId, {
    validFromMs: quietFromMs - 3_600_000,
    validToMs: quietToMs + 3_600_000,
    modes: [{ mode: 'quiet', fromMs: quietFromMs, toMs: quietToMs }],
    // Not this role's: only a Штаб shakes hands with the plan's portals.
    hosts: { videoPortal: ['10.99.1.9'], emPortal: [] },
  });
  writeFileSync(join(dataDir, 'plan.json'), JSON.stringify(signedPlan(collector, plan)));
  const place = { siteCode: '0042', roomCode: '0012', role: 'organizer', duty: 'main' };
  writeFileSync(join(dataDir, 'placement.json'), JSON.stringify(place));
  const [host = '', port = ''] = at.portal.split(':');
  const target = (text: string) => ({ host: text.split(':')[0], port: Number(text.split(':')[1]) });
  const config = join(home, 'agent.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      collector: { url: `ws://${at.collector}`, publicKey: collector.publicKey },
      printers: [
        { ipp: `ipp://${printer}/ipp/print`, snmp: { host: printer } },
        { ipp: 'ipp://printer-by-name.test/ipp/print' },
      ],
      cameras: [{ url: `rtsp://${at.camera}/one`, watch: 'always' }],
      line: {
        portals: [{ host, port: Number(port) }, { host: 'portal.test' }],
        reserve: target(at.reserve),
        isolation: target(at.internet),
      },
    }),
  );
  const status = () =>
    JSON.parse(readFileSync(join(dataDir, 'status.json'), 'utf8')) as AgentStatus;
  const isIn = (mode: string) =>
    until(
      () => {
        try {
          return status().mode === mode;
        } catch {
          return false;
        }
      },
      `mode ${mode}`,
      30_000,
    );
  return { config, isIn };
}

/** Seconds of a core that a process has taken. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

describe.skipIf(!hasLine())('a quiet room (root, ip, nft)', { timeout: 90_000 }, () => {
  it('sends packets to its own printer and one knock at the Internet, and none to anybody else', async () => {
    const line = await openLine();
    for (const last of [3, 4, 5, 6, 7])
      await done(line, 'far', IP, ['addr', 'add', `10.99.1.${last}/32`, 'dev', 'lo']);
    await done(line, 'near', IP, ['route', 'add', 'default', 'via', '10.99.1.2']);
    const far = line.run('far', 'quiet-room.mjs', [printer, ...Object.values(at)]);
    await far.next();
    const { sent, fresh } = await counted(line);
    const beginMs = Date.now();
    const [fromMs, toMs] = [beginMs + 8_000 + WIND_DOWN_MS, beginMs + 20_000 + WIND_DOWN_MS];
    const { config, isIn } = await workstation(fromMs, toMs);
    const flags = [commands.agent, 'run', '--config', config];
    const agent = line.start('near', process.execPath, flags);
    await isIn('prep');
    await pause(fromMs - WIND_DOWN_MS - 500 - Date.now());
    const inPrep = await sent();
    await isIn('quiet');
    expect(Date.now() - fromMs).toBeLessThan(1_000);
    const untilQuiet = await sent();
    await fresh();
    const pid = agent.process.pid ?? 0;
    const [cpuAt, sinceMs] = [cpuSeconds(pid), Date.now()];
    await pause(toMs - 300 - Date.now());
    const inQuiet = await sent();
    const cpu = (cpuSeconds(pid) - cpuAt) / ((Date.now() - sinceMs) / 1_000);
    await isIn('prep');
    await pause(6_000);
    const after = await sent();
    const show = (title: string, packets: Sent) =>
      console.log(`${title}:`, JSON.stringify(Object.fromEntries(packets)));
    show('prep', inPrep);
    show('quiet', inQuiet);
    show('prep again', after);
    console.log(`quiet: ${(cpu * 100).toFixed(2)} % of a core`);

    const named = [...inPrep.keys()].some((each) => each.endsWith(`:${DNS_PORT}`));
    expect(named).toBe(true);
    for (const each of ['collector', 'portal', 'camera', 'reserve'] as const)
      expect([each, inPrep.get(at[each]) ?? 0]).not.toEqual([each, 0]);
    const allowed = [`${printer}:631`, `${printer}:161`, at.internet];
    expect([...inQuiet.keys()].filter((each) => !allowed.includes(each))).toEqual([]);
    expect(inQuiet.get(`${printer}:631`)).toBeGreaterThan(0);
    // SYN, ACK and FIN or RST of one connection.
    expect(inQuiet.get(at.internet) ?? 0).toBeLessThanOrEqual(4);
    // At a moment of its own within 20 s of the start, and then every five minutes.
    const knocks = (packets: Sent) => packets.get(at.internet) ?? 0;
    expect(knocks(untilQuiet) + knocks(inQuiet)).toBeGreaterThan(0);
    for (const each of ['collector', 'portal', 'camera'] as const)
      expect([each, after.get(at[each]) ?? 0]).not.toEqual([each, 0]);
    expect(inPrep.has('10.99.1.9:443') || after.has('10.99.1.9:443')).toBe(false);
    expect(cpu).toBeLessThan(0.03);
  });
});
