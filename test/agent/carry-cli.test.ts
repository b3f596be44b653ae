import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePartName } from '@ppe-pulse/protocol/carry';
import { readRoster, writeRoster } from '../../agent/src/carry/roster-file.ts';
import { runCli } from '../../agent/src/cli/cli.ts';
import { openIdentity } from '../../agent/src/platform/identity.ts';
import { newIdentity } from '../support/agent-peer.ts';
import {
  carriedHeartbeat,
  numbers,
  partOf,
  putPart,
  signerOf,
  writeSegment,
} from '../support/carried.ts';
import { smallStick } from '../support/stick.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A configured workstation and what its command line says. */
function machine() {
  const home = tempDir();
  const config = join(home, 'agent.yaml');
  writeFileSync(config, JSON.stringify({ collector: { publicKey: newIdentity().publicKey } }));
  const dataDir = join(home, 'data');
  const run = async (...args: string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCli([...args, '--config', config], {
      env: {},
      stopAsked: async () => undefined,
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    });
    return { code, out, err: err.join('\n') };
  };
  const journal = (from: number, to: number): void =>
    writeSegment(
      join(dataDir, 'journal'),
      from,
      numbers(from, to).map((seq) => carriedHeartbeat(seq)),
    );
  return { dataDir, run, journal };
}

describe('ppe-agent export', () => {
  it('says what it wrote, in Russian, in English and for scripts', async () => {
    const { run, journal } = machine();
    const stick = tempDir();
    journal(1, 21);
    const first = await run('export', stick);
    expect(first.code).toBe(0);
    expect(first.out[0]).toMatch(/^Записано на флешку: 21 сигнал, \d/);
    const again = await run('export', stick, '--lang', 'en');
    expect(again.out).toEqual([
      'Written to the drive: 0 heartbeats, 0 B',
      'On the drive before: 21 heartbeats',
    ]);
    journal(22, 23);
    const told = await run('export', stick, '--json');
    expect(JSON.parse(told.out.join(''))).toMatchObject({
      fault: null,
      writtenHeartbeats: 2,
      presentHeartbeats: 21,
    });
    expect(readdirSync(join(stick, 'ppe-pulse')).every((name) => parsePartName(name))).toBe(true);
  });

  it('says how much a full stick lacks, and ends with 1', async (test) => {
    const stick = smallStick(12_000);
    if (stick === undefined) return test.skip('a small stick is a mount: root only');
    const { run, journal } = machine();
    journal(1, 3_000);
    const { code, out } = await run('export', stick);
    expect(code).toBe(1);
    expect(out.join('\n')).toMatch(/НЕ ЗАПИСАНО: 3000 сигналов, нужно \d.* свободно \d/);
    expect(out.at(-1)).toBe('на флешке нет места');
    const english = await run('export', stick, '--lang', 'en');
    expect(english.out.join('\n')).toMatch(/NOT WRITTEN: 3000 heartbeats, they need .* are free/);
  });

  it('takes a folder only, of a workstation that has a journal', async () => {
    const { run, journal } = machine();
    const stick = tempDir();
    expect(await run('export', stick)).toMatchObject({ code: 78 });
    journal(1, 1);
    const missing = await run('export', join(stick, 'none'));
    expect(missing).toMatchObject({ code: 78 });
    expect(missing.err).toContain('insert the flash drive');
    expect(await run('export')).toMatchObject({ code: 64 });
    expect(await run('export', stick, '--lang', 'de')).toMatchObject({ code: 64 });
    writeFileSync(join(stick, 'ppe-pulse'), 'a file');
    const blocked = await run('export', stick);
    expect(blocked).toMatchObject({ code: 1 });
    expect(blocked.out.join('\n')).toContain('на её месте файл либо ссылка');
  });
});

describe('ppe-agent import', () => {
  const placement = {
    siteCode: '0042',
    roomCode: '0012',
    role: 'organizer',
    duty: 'main',
    simulated: false,
  } as const;

  it('tells what it took and whose parts it did not, and ends with 1 for those', async () => {
    const { run, dataDir } = machine();
    const [member, stranger] = [newIdentity(), newIdentity()];
    const { agentId, publicKey } = member;
    mkdirSync(dataDir);
    writeRoster(dataDir, { type: 'roster', members: [{ agentId, publicKey, placement }] });
    expect(readRoster(dataDir)).toBeDefined();
    const stick = tempDir();
    putPart(
      stick,
      partOf(
        signerOf(member),
        [1, 2, 3].map((seq) => carriedHeartbeat(seq)),
      ),
    );
    const taken = await run('import', stick);
    expect(taken).toMatchObject({ code: 0, out: ['Принято с флешки: 3 сигнала'] });
    const foreign = putPart(
      stick,
      partOf(signerOf(stranger, { siteCode: '0077' }), [carriedHeartbeat(1)]),
    );
    symlinkSync('nowhere', foreign.replace('1-1.part', '1-2.part'));
    const { code, out } = await run('import', stick);
    expect(code).toBe(1);
    expect(out.slice(0, 4)).toEqual([
      'Принято с флешки: 0 сигналов',
      'Приняты раньше: файлов 1',
      'Не файлы под именами наших файлов, пропущено: 1',
      'НЕ ПРИНЯТО файлов: 1',
    ]);
    expect(out[4]).toContain('чужое рабочее место: здесь его не знают (ППЭ 0077)');
    rmSync(foreign);
    const english = await run('import', stick, '--lang', 'en');
    expect(english.out.slice(0, 2)).toEqual([
      'Taken from the drive: 0 heartbeats',
      'Taken before, files: 1',
    ]);
    const report = JSON.parse((await run('import', stick, '--json')).out.join('')) as object;
    expect(report).toMatchObject({ fault: null, hasRoster: true, repeatedParts: 1 });
  });

  it('says what to do about a stick without our folder, and about a list that has not come', async () => {
    const { run, dataDir } = machine();
    const stick = tempDir();
    expect(await run('import', stick)).toMatchObject({ code: 1 });
    expect(await run('import', join(stick, 'none'))).toMatchObject({ code: 78 });
    putPart(stick, partOf(signerOf(newIdentity()), [carriedHeartbeat(1)]));
    const { code, out } = await run('import', stick);
    expect(code).toBe(0);
    expect(out).toContain(
      'Список рабочих мест ППЭ ещё не получен: данные ждут связи с коллектором',
    );
    expect(readFileSync(join(dataDir, 'agent.key'), 'utf8')).toContain('PRIVATE KEY');
    expect((await openIdentity(dataDir)).agentId).toMatch(/^w-/);
  });
});
