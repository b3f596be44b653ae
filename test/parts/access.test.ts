import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnrolmentFile } from '@ppe-pulse/protocol/enrolment';
import { createCa, issueServer } from '../../server/src/access/certificates.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { RELAY, centre, pc, stick } from './centre.ts';
import { addresses, openLan, type Lan } from './lan.ts';
import { hasLine, part } from './line.ts';

/** What somebody got who has no right. */
async function knock(lan: Lan, ...words: string[]): Promise<Record<string, unknown>> {
  const { output } = await lan.run('stranger', process.execPath, [part('knock.mjs'), ...words]);
  return JSON.parse(output) as Record<string, unknown>;
}

const kindOf = ({ text }: Record<string, unknown>): string =>
  /urn:ppe-pulse:problem:(\w+)/.exec(String(text))?.[1] ?? '';

describe.skipIf(!hasLine())('a ППЭ with a stranger on its LAN (root, ip)', () => {
  it('lets in whom its files name, and gives him nothing', { timeout: 280_000 }, async () => {
    const got: [string, string][] = [];
    const lan = await openLan();
    const world = await centre(lan);
    const [site = '', otherSite = ''] = await world.siteCodes();
    const own = await stick(world, site);
    const foreign = await stick(world, otherSite);

    // The Штаб by its file, over the line; a room by the same file, through the Штаб's relay.
    const hq = pc(lan, 'hq', { relay: { host: addresses.hq } });
    const hqEnrolled = await hq.says('enroll', own.path, '--role', 'hq', '--duty', 'main');
    expect([hqEnrolled.errors, hqEnrolled.code]).toEqual(['', 0]);
    const relay = hq.runs('--relay');
    await until(() => relay.errors().includes('the relay listens'), 'the relay listens');
    await until(() => relay.errors().includes('the roster has come'), 'the relay has its roster');
    const place = own.file.places.find(({ role }) => role === 'organizer');
    const room = pc(lan, 'room');
    const words = [
      '--room',
      place?.roomCode ?? '',
      '--role',
      'organizer',
      '--duty',
      place?.duty ?? '',
    ];
    const roomEnrolled = await room.says('enroll', own.path, ...words, '--through', RELAY);
    expect([roomEnrolled.errors, roomEnrolled.code]).toEqual(['', 0]);
    const roomRuns = room.runs();
    await until(() => room.status()?.link === 'live', 'the room is live over the relay');
    const roomId = room.status()?.agentId ?? '';
    const codeOfRoom = async () =>
      (await world.enrolments(site)).find(({ workstationId }) => workstationId === roomId);
    expect(await codeOfRoom()).toMatchObject({ state: 'active', way: 'relay' });
    got.push(['room by its file through the relay', 'enrolled and live']);
    for (const name of ['enrolment.json', 'status.json'])
      for (const { code } of own.file.places)
        expect(readFileSync(room.file(name), 'utf8')).not.toContain(code);

    // The LAN leads nowhere else.
    const direct = await knock(lan, 'get', `https://${addresses.centre}:8443/healthz`);
    expect(direct.error).toMatch(/ENETUNREACH|EHOSTUNREACH/);
    got.push(['the collector, asked from the LAN', String(direct.error)]);

    // A key of his own at the relay.
    const unknown = await knock(lan, 'agent', `${RELAY}/agent/v1`);
    expect(unknown).toEqual({ code: 4403 });
    got.push(['a key of his own at the relay', 'closed 4403 notEnrolled']);
    const page = await knock(lan, 'get', `${RELAY.replace('wss', 'https')}/`);
    expect(page.status).toBe(404);
    got.push(['the relay as a web server', '404']);

    // The file of another ППЭ, and the file of this one once more.
    const stranger = pc(lan, 'stranger');
    const other = await stranger.says(
      'enroll',
      foreign.path,
      ...placeWords(foreign.file),
      '--through',
      RELAY,
    );
    // The relay's certificate is for its own ППЭ: whoever holds another file does not even ask it.
    expect(other.code).toBe(1);
    got.push(['the file of another ППЭ, through this relay', lastLine(other.errors)]);
    // Also not when he asks without looking at certificates.
    const requests = tempDir();
    await stranger.says('enroll', foreign.path, ...placeWords(foreign.file), '--request', requests);
    const [asIs = ''] = readdirSync(requests);
    const enrolUrl = `${RELAY.replace('wss', 'https')}/agent/v1/enrol`;
    const past = await knock(lan, 'post', enrolUrl, join(requests, asIs));
    expect([past.status, kindOf(past)]).toEqual([403, 'otherSite']);
    got.push(['… and past the certificate', '403 otherSite']);
    const twice = await stranger.says('enroll', own.path, ...words, '--through', RELAY);
    expect(twice.code).toBe(1);
    got.push(['the stolen file, a place that is taken', lastLine(twice.errors)]);
    const asked = (await world.enrolments(site)).find(({ codeId }) => codeId === place?.codeId);
    expect(asked).toMatchObject({ state: 'replaceAsked', workstationId: roomId });
    got.push([
      '… on the board',
      `replaceAsked by ${asked?.askers[0]?.workstationId ?? '?'}, ${roomId} stays`,
    ]);

    // A request that he saw, with his own key in it.
    const seen = await room.says('enroll', own.path, ...words, '--request', tempDir());
    expect(seen.code).toBe(0);
    const forged = join(tempDir(), 'forged.json');
    const requestFile = /\S+\.enrolment-request\.json/.exec(seen.output)?.[0] ?? '';
    const request = JSON.parse(readFileSync(requestFile, 'utf8')) as Record<string, string>;
    const thief = await stranger.says('identity', '--json');
    const { publicKey } = JSON.parse(thief.output) as { publicKey: string };
    writeFileSync(forged, JSON.stringify({ ...request, publicKey }));
    const replaced = await knock(lan, 'post', enrolUrl, forged);
    expect([replaced.status, kindOf(replaced)]).toEqual([403, 'unknownCode']);
    got.push(['a request that was seen, with another key', '403 unknownCode']);

    // The whole folder of the room's agent, copied, while the room is on.
    const copy = tempDir();
    cpSync(room.home, copy, { recursive: true });
    // On a PC of his own no process of the room is alive, which this file names.
    rmSync(join(copy, 'data', 'status.json'));
    const clone = pc(lan, 'stranger', {}, copy).runs();
    await until(() => clone.errors().includes('4410'), 'the copy is turned away', 60_000);
    expect(room.status()?.link).toBe('live');
    await until(
      async () => (await codeOfRoom())?.isCloned === true,
      'the board shows the clone',
      30_000,
    );
    got.push([
      'the copied folder of the room’s agent',
      'closed 4410 cloned, the room goes on, shown',
    ]);
    clone.kill();

    // He takes the Штаб's address: with a certificate of himself, and with a real one of another ППЭ.
    const otherHq = pc(lan, 'centre');
    const otherEnrolled = await otherHq.says(
      'enroll',
      foreign.path,
      '--role',
      'hq',
      '--duty',
      'main',
    );
    expect(otherEnrolled.code).toBe(0);
    const { relayCertificatePem } = JSON.parse(
      readFileSync(otherHq.file('enrolment.json'), 'utf8'),
    ) as { relayCertificatePem: string };
    const stolen = join(tempDir(), 'relay.crt');
    writeFileSync(stolen, relayCertificatePem);
    const self = await selfSigned();
    lan.impersonate(true);
    // A line that is simply gone is noticed after some silence: he need not wait for that.
    relay.kill('SIGSTOP');
    for (const [what, key, certificate] of [
      ['a certificate of his own', self.key, self.certificate],
      ['the relay certificate of another ППЭ', otherHq.file('agent.key'), stolen],
    ] as const) {
      const args = [part('impostor.mjs'), addresses.hq, '8085', key, certificate];
      const impostor = lan.start('stranger', process.execPath, args);
      await until(() => impostor.output().includes('refused'), `the room refuses ${what}`, 90_000);
      expect(impostor.output()).not.toContain('heard');
      got.push([`the Штаб’s address, with ${what}`, 'broken off in the handshake, nothing said']);
      impostor.kill();
      await impostor.ended;
    }
    lan.impersonate(false);
    relay.kill('SIGCONT');
    await until(() => room.status()?.link === 'live', 'the room is back at its relay', 90_000);

    // A person takes the room's enrolment back, in the middle of its connection.
    await world.revoke(roomId);
    // Its relay is told the members that are left, and no reasons.
    await until(() => roomRuns.errors().includes('4403'), 'the room is turned away', 60_000);
    expect(await codeOfRoom()).toMatchObject({ state: 'revoked' });
    got.push(['the room after it was revoked', 'closed 4403 notEnrolled by its relay']);
    console.log(got.map(([what, outcome]) => `${what.padEnd(50)} ${outcome}`).join('\n'));
  });
});

function placeWords({ places }: EnrolmentFile): string[] {
  const { roomCode, role, duty } =
    places.find((each) => each.role === 'organizer') ?? places[0] ?? {};
  return ['--room', String(roomCode), '--role', String(role), '--duty', String(duty)];
}

/** A key and a certificate for the Штаб's address that nobody vouches for. */
async function selfSigned(): Promise<{ key: string; certificate: string }> {
  const validity = { fromMs: 0, toMs: Date.now() + 86_400_000 };
  const ca = await createCa('stranger', validity);
  const { keyPem, certificatePem } = await issueServer(ca, [addresses.hq], validity);
  const [key, certificate] = [join(tempDir(), 'own.key'), join(tempDir(), 'own.crt')];
  writeFileSync(key, keyPem);
  writeFileSync(certificate, `${certificatePem}${ca.certificatePem}`);
  return { key, certificate };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
