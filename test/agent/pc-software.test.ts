import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pcSoftware } from '@ppe-pulse/protocol';
import { ChildGoneError, type ProbeHost } from '../../agent/src/child/probe-host.ts';
import { lookAtPackages } from '../../agent/src/probes/software/installed-software.ts';
import { parseDpkgStatus, parseRpmList } from '../../agent/src/probes/software/package-lists.ts';
import { isAtLeast, lookUp, matcherOf } from '../../agent/src/probes/software/software.ts';
import { softwareFacts, SoftwareProbe } from '../../agent/src/probes/software/software-probe.ts';
import { fuzzed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { judged } from '../support/judged.ts';

/** Debian's own list, shortened: one package is removed and keeps its settings, one is half there. */
const status = `Package: python3
Status: install ok installed
Priority: optional
Maintainer: Somebody <somebody@example.org>
Architecture: amd64
Version: 3.11.2-1+b1
Description: interactive high-level object-oriented language
 Python, the high-level, interactive object oriented language,
 Version: 99

Package: libreoffice-calc
Status: deinstall ok config-files
Version: 4:7.4.7-1

Package: fpc
Status: hold ok installed
Version: 1:3.2.2+dfsg-20

Package: broken
Status: install reinstreq half-installed
Version: 1.0
`;

describe('lists of packages', () => {
  it('of dpkg hold what is installed, and not what was removed', () => {
    expect(parseDpkgStatus(status)).toEqual([
      { name: 'python3', version: '3.11.2-1+b1' },
      { name: 'fpc', version: '1:3.2.2+dfsg-20' },
    ]);
  });

  it('of rpm are lines of a name and a version', () => {
    expect(parseRpmList('python3\t3.9.16\n\nwarning: nonsense\nfpc\t3.2.2\n')).toEqual([
      { name: 'python3', version: '3.9.16' },
      { name: 'fpc', version: '3.2.2' },
    ]);
  });

  it('are read whatever is in them', () => {
    const recorded = [Buffer.from(status), Buffer.from('python3\t3.9.16\nfpc\t3.2.2\n')];
    fuzzed('package lists', recorded, (bytes) => {
      const text = bytes.toString('utf8');
      const programs = [...parseDpkgStatus(text), ...parseRpmList(text)];
      expect(lookUp([{ match: '*' }], programs)).toEqual([programs.length > 0]);
      lookUp([{ match: '*p*3', version: '3.2' }], programs);
    });
  });

  it('are looked up by a Linux’ own list, and nothing of it comes out', async () => {
    const path = join(tempDir(), 'status');
    writeFileSync(path, status);
    const wanted = ['python3', 'fpc', 'libreoffice-calc', 'nothing'].map((match) => ({ match }));
    const look = await lookAtPackages(wanted, { dpkgStatus: path });
    expect(look).toEqual({ kind: 'seen', installed: [true, true, false, false] });
    expect(JSON.stringify(look)).not.toMatch(/python|example/);
  });
});

describe('names of programs', () => {
  it.each([
    ['python3', 'Python3', true],
    ['python3', 'python3.11', false],
    ['Станция КЕГЭ*', 'станция кегэ 7.1', true],
    ['*', '', true],
    ['Python 3.*(64-bit)', 'Python 3.11.2 (64-bit)', true],
    ['Python 3.*(64-bit)', 'Python 3.11.2 (32-bit)', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*b*c*', 'abbcc', true],
    ['*c*b*', 'abbcc', false],
    ['a.c', 'abc', false],
  ])('%s and %s', (pattern, name, isIt) => {
    expect(matcherOf(pattern)(name)).toBe(isIt);
  });

  it('are matched in a moment however many stars there are', () => {
    const startMs = performance.now();
    expect(matcherOf(`${'*a'.repeat(90)}*b`)('a'.repeat(4_000))).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(100);
  });
});

describe('versions', () => {
  it.each([
    ['3.11.2-1+b1', '3.8', true],
    ['1:3.2.2+dfsg-20', '3.2.2', true],
    ['1:3.2.2+dfsg-20', '3.3', false],
    ['3.8.10150.0', '3.8', true],
    ['3', '3.0.0', true],
    ['10.0', '9.9', true],
    ['2.9.9', '3', false],
    ['', '1', false],
    ['unknown', '1', false],
  ])('%s is at least %s: %s', (version, wanted, is) => {
    expect(isAtLeast(version, wanted)).toBe(is);
  });
});

describe('the list of programs that should be there', () => {
  const config = [
    { name: 'KEGE station', match: 'Станция КЕГЭ*', version: '7.1', required: true },
    { name: 'Python', match: 'python3', required: true },
    { name: 'Calc', required: false },
  ];

  it('is told in the configuration’s own words', () => {
    const facts = softwareFacts(config, [true, false, false]);
    expect(facts).toEqual({ missingRequired: ['Python'], missingOptional: ['Calc'], found: 1 });
    expect(judged(pcSoftware, facts)).toMatchObject({
      verdict: 'fail',
      reason: 'requiredMissing',
      evidence: { missing: 'Python', found: 1 },
    });
    const optional = softwareFacts(config, [true, true, false]);
    expect(judged(pcSoftware, optional)).toMatchObject({ verdict: 'warn' });
    expect(judged(pcSoftware, softwareFacts(config, [true, true, true]))).toMatchObject({
      verdict: 'ok',
    });
    // An answer that is too short proves nothing.
    expect(softwareFacts(config, []).missingRequired).toHaveLength(2);
  });

  it('is nothing to judge by while it is empty, and asks the child once more when it was killed', async () => {
    const never = new AbortController().signal;
    const asked: unknown[] = [];
    const host = {
      run: async (_: string, wanted: unknown) => {
        asked.push(wanted);
        if (asked.length === 1) throw new ChildGoneError('software');
        return { kind: 'seen', installed: [true, true, true] };
      },
    } as unknown as ProbeHost;
    expect(await new SoftwareProbe([], host).measure(never)).toEqual({ kind: 'nothing' });
    const outcome = await new SoftwareProbe(config, host, 1).measure(never);
    expect(outcome).toMatchObject({ kind: 'measured', facts: { facts: { found: 3 } } });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual([
      { match: 'Станция КЕГЭ*', version: '7.1' },
      { match: 'python3' },
      { match: 'Calc' },
    ]);
  });
});
