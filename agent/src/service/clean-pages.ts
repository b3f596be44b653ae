/** A part of the address space. */
export interface PageRange {
  readonly address: bigint;
  readonly bytes: number;
}

/** `7f0000000000-7f0000001000 r-xp 00000000 08:01 42   /opt/a folder/node`. */
const HEAD = /^([\da-f]+)-([\da-f]+) (\S{4}) [\da-f]+ \S+ \d+\s+(.+)$/;
const KILOBYTES = /^(Private_Dirty|Anonymous|Rss):\s+(\d+) kB$/;

/**
 * Pages of the executable that are as they are in its file, by `/proc/self/smaps` (proc(5)): of private
 * mappings that nobody may write to, those without a single page of their own. Read again from the
 * file they are the same; one that was changed would be lost.
 */
export function cleanRangesOf(smaps: string, executable: string): readonly PageRange[] {
  const ranges: PageRange[] = [];
  let range: PageRange | undefined;
  const own = new Map<string, number>();
  const settle = (): void => {
    const isClean = own.get('Private_Dirty') === 0 && own.get('Anonymous') === 0;
    if (range && isClean && (own.get('Rss') ?? 0) > 0) ranges.push(range);
    own.clear();
  };
  for (const line of smaps.split('\n')) {
    const head = HEAD.exec(line);
    if (!head) {
      const [, name, kilobytes] = KILOBYTES.exec(line) ?? [];
      if (name !== undefined) own.set(name, Number(kilobytes));
      continue;
    }
    settle();
    const [from, to] = [BigInt(`0x${head[1]}`), BigInt(`0x${head[2]}`)];
    const isFixed = head[3] === 'r-xp' || head[3] === 'r--p';
    range =
      isFixed && head[4] === executable ? { address: from, bytes: Number(to - from) } : undefined;
  }
  settle();
  return ranges;
}
