import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alsaSound } from '../../agent/src/probes/sound/alsa-cards.ts';
import { listen, listenTo } from '../../agent/src/probes/sound/listen.ts';
import { lookAtSound } from '../../agent/src/probes/sound/sound-look.ts';
import { freePort } from '../support/influxd.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hasPulseAudio, microphone, speakers, startPulseAudio } from './pulseaudio.ts';

/** What names of devices must not appear in. */
const named = /speakers|microphone|Sine|Null|Наушники/;

describe.skipIf(!hasPulseAudio())('a sound server', () => {
  it('counts what plays and what records, without monitors', async () => {
    const server = await startPulseAudio(speakers, microphone);
    const key = join(homedir(), '.config', 'pulse', 'cookie');
    const hadKey = existsSync(key);
    const look = await lookAtSound(server);
    // A question leaves nothing behind: libpulse would write its key into the home of the agent.
    expect(existsSync(key)).toBe(hadKey);
    const device = { count: 1, unplugged: 0, isMuted: false, volumeRatio: 1 };
    expect(look).toMatchObject({ kind: 'seen', outputs: device, inputs: device });
    expect(JSON.stringify(look)).not.toMatch(named);
  });

  it('tells muted, volume and state of the default device', async () => {
    const server = await startPulseAudio(
      speakers,
      `module-null-sink sink_name=second sink_properties=device.description='Наушники'`,
      microphone,
    );
    await server.pactl('set-default-sink', 'second');
    await server.pactl('set-sink-mute', 'second', '1');
    await server.pactl('set-sink-volume', 'second', '40%');
    await server.pactl('set-source-mute', 'microphone', '1');
    await server.pactl('suspend-source', 'microphone', '1');
    const look = await lookAtSound(server);
    expect(look).toMatchObject({
      outputs: { count: 2, isMuted: true },
      inputs: { count: 1, isMuted: true, state: 'suspended' },
    });
    expect(look.kind === 'seen' && look.outputs.volumeRatio).toBeCloseTo(0.4, 2);
    expect(JSON.stringify(look)).not.toMatch(named);
    await server.pactl('set-default-sink', 'speakers');
    expect(await lookAtSound(server)).toMatchObject({ outputs: { isMuted: false } });
  });

  it('over TCP wants its key, and is told from one that is not there', async () => {
    const folder = tempDir();
    const key = join(folder, 'cookie');
    const wrong = join(folder, 'wrong');
    writeFileSync(key, Buffer.alloc(256, 7), { mode: 0o600 });
    writeFileSync(wrong, Buffer.alloc(256, 8));
    const port = await freePort();
    await startPulseAudio(
      speakers,
      `module-native-protocol-tcp listen=127.0.0.1 port=${port} auth-cookie=${key} auth-ip-acl=192.0.2.1`,
    );
    const address = `tcp:127.0.0.1:${port}`;
    expect(await lookAtSound({ address, cookiePath: key })).toMatchObject({
      outputs: { count: 1 },
    });
    const refused = { kind: 'failed', reason: 'unauthorised' };
    expect(await lookAtSound({ address, cookiePath: wrong })).toEqual(refused);
    expect(await lookAtSound({ address })).toEqual(refused);
    expect(await lookAtSound({ address, cookiePath: join(folder, 'none') })).toEqual(refused);
  });

  it('of a PC without devices counts none, although the server makes one up', async () => {
    const server = await startPulseAudio('module-always-sink');
    expect(await server.pactl('list', 'short', 'sinks')).toContain('auto_null');
    expect(await lookAtSound(server)).toMatchObject({
      kind: 'seen',
      outputs: { count: 0 },
      inputs: { count: 0 },
    });
    expect(await listen(server)).toEqual({ kind: 'noDevice' });
  });

  it('lets the level of a sine be heard as it is', async () => {
    const server = await startPulseAudio(speakers, microphone);
    const startMs = performance.now();
    const heard = await listen(server);
    expect(performance.now() - startMs).toBeLessThan(4_000);
    if (heard.kind !== 'level') throw new Error(`heard ${JSON.stringify(heard)}`);
    expect(heard.level.peakDecibels).toBeCloseTo(-6, 0);
    expect(heard.level.rmsDecibels).toBeCloseTo(-9, 0);
    // 1.5 s of 16,000 samples.
    expect(heard.samples).toBe(24_000);
    expect(JSON.stringify(heard)).not.toMatch(named);
  });

  it('hears a quieter microphone as quieter', async () => {
    const server = await startPulseAudio(microphone);
    await server.pactl('set-source-volume', 'microphone', '-20dB');
    const heard = await listen(server);
    expect(heard.kind === 'level' && heard.level.rmsDecibels).toBeCloseTo(-29, 0);
  });

  it('of a muted microphone hears zeros, of a suspended one nothing: both are silent', async () => {
    const server = await startPulseAudio(microphone);
    await server.pactl('set-source-mute', 'microphone', '1');
    expect(await listen(server)).toEqual({ kind: 'silent', samples: 24_000 });
    await server.pactl('set-source-mute', 'microphone', '0');
    await server.pactl('suspend-source', 'microphone', '1');
    expect(await listen(server)).toEqual({ kind: 'silent', samples: 0 });
  });

  it('without a microphone does not listen to its own output instead', async () => {
    const server = await startPulseAudio(speakers);
    expect(await listen(server)).toEqual({ kind: 'noDevice' });
    // Pulled out between the question and the recording.
    expect(await listenTo(server, 'microphone')).toEqual({ kind: 'noDevice' });
  });

  it('that is not there, or hangs, is no server', async () => {
    const address = `unix:${tempDir()}/native`;
    const nobody = { kind: 'failed', reason: 'noServer' };
    expect(await lookAtSound({ address })).toEqual(nobody);
    expect(await listen({ address })).toEqual(nobody);
    expect(await listenTo({ address }, 'microphone')).toEqual(nobody);
    const server = await startPulseAudio(speakers, microphone);
    server.signal('SIGSTOP');
    const startMs = performance.now();
    expect(await Promise.all([lookAtSound(server), listenTo(server, 'microphone')])).toEqual([
      nobody,
      nobody,
    ]);
    expect(performance.now() - startMs).toBeLessThan(4_000);
  });
});

describe('sound cards of the kernel', () => {
  it('are not known where there is no ALSA', () => {
    expect(alsaSound(tempDir())).toBeUndefined();
  });

  it('are read from its folder', () => {
    const root = join(tempDir(), 'asound');
    mkdirSync(root);
    writeFileSync(join(root, 'cards'), '--- no soundcards ---\n');
    const none = { count: 0, unplugged: 0 };
    expect(alsaSound(root)).toEqual({ outputs: none, inputs: none });
  });
});
