import { describe, expect, it } from 'vitest';
import { cleanRangesOf } from '../../agent/src/service/clean-pages.ts';

/** A mapping as `/proc/self/smaps` tells it: Linux 6.1, Node 24.21. */
function mapping(head: string, kB: Readonly<Record<string, number>>): string {
  const figures = { Size: 3_352, Rss: 3_352, Private_Dirty: 0, Anonymous: 0, Swap: 0, ...kB };
  const lines = Object.entries(figures).map(([name, of]) => `${name}:`.padEnd(16) + `${of} kB`);
  return [head, ...lines, 'THPeligible:    0', 'VmFlags: rd ex mr mw me sd', ''].join('\n');
}

const NODE = '/opt/ppe pulse/node';

describe('pages of the executable that may be given back', () => {
  it('are its code and its constants, as they are in the file', () => {
    const smaps =
      mapping(
        `00400000-00746000 r--p 00000000 fe:00 5382927                            ${NODE}`,
        {},
      ) +
      mapping(
        `0074a000-03044000 r-xp 0034a000 fe:00 5382927                            ${NODE}`,
        {},
      );
    expect(cleanRangesOf(smaps, NODE)).toEqual([
      { address: 0x40_0000n, bytes: 0x34_6000 },
      { address: 0x74_a000n, bytes: 0x28f_a000 },
    ]);
  });

  it.each([
    ['what was written to at the start', 'r--p', { Private_Dirty: 8 }],
    ['what was written to and then swapped out', 'r--p', { Anonymous: 8 }],
    ['what may be written to', 'rw-p', {}],
    ['what others share', 'r--s', {}],
    ['what is not in memory', 'r-xp', { Rss: 0 }],
  ])('are not %s', (_, rights, kB) => {
    const line = `06b52000-06b56000 ${rights} 06751000 fe:00 5382927                            ${NODE}`;
    expect(cleanRangesOf(mapping(line, kB), NODE)).toEqual([]);
  });

  it.each([
    ['another file', '7f10a000-7f20a000 r-xp 00000000 fe:00 99   /usr/lib/libc.so.6'],
    [
      'an executable that was replaced',
      `0074a000-03044000 r-xp 0034a000 fe:00 99   ${NODE} (deleted)`,
    ],
    ['no file', '7ffd3000-7ffd5000 r-xp 00000000 00:00 0        [vdso]'],
    ['nothing', '7ffd3000-7ffd5000 r--p 00000000 00:00 0'],
    ['nonsense', 'what is this? r-xp'],
  ])('are not those of %s', (_, head) => {
    expect(cleanRangesOf(mapping(head, {}), NODE)).toEqual([]);
  });

  it('figures of one mapping are not those of the next', () => {
    const smaps =
      mapping(`00400000-00746000 r--p 00000000 fe:00 1   ${NODE}`, { Private_Dirty: 4 }) +
      mapping(`0074a000-03044000 r-xp 0034a000 fe:00 1   ${NODE}`, {});
    expect(cleanRangesOf(smaps, NODE)).toHaveLength(1);
    expect(cleanRangesOf('', NODE)).toEqual([]);
  });
});
