/**
 * Reads a compiled time zone (RFC 9636, «TZif»): minutes east of UTC at a moment. Undefined for what is
 * no such file, and for rules of summer time that go on after its last line.
 */
export function offsetOfZoneFile(file: Buffer, atSeconds: number): number | undefined {
  const first = headerAt(file, 0);
  if (!first) return undefined;
  // Since version 2 the same follows with times of 8 bytes, and a rule for what comes after.
  if (first.version === 0) return offsetOf(file, { header: first, at: 0, timeBytes: 4 }, atSeconds);
  const at = HEADER_BYTES + bodyBytes(first, 4);
  const second = headerAt(file, at);
  return second && offsetOf(file, { header: second, at, timeBytes: 8 }, atSeconds);
}

const MAGIC = 'TZif';
const HEADER_BYTES = 44;
const TYPE_BYTES = 6;
/** 140 years with two changes each. */
const MAX_COUNT = 10_000;
const SECONDS_PER_MINUTE = 60;

interface Header {
  readonly version: number;
  readonly utcCount: number;
  readonly standardCount: number;
  readonly leapCount: number;
  readonly timeCount: number;
  readonly typeCount: number;
  readonly characterCount: number;
}

interface Block {
  readonly header: Header;
  readonly at: number;
  readonly timeBytes: 4 | 8;
}

function headerAt(file: Buffer, at: number): Header | undefined {
  if (file.length < at + HEADER_BYTES || file.toString('latin1', at, at + 4) !== MAGIC)
    return undefined;
  const [utcCount, standardCount, leapCount, timeCount, typeCount, characterCount] = Array.from(
    { length: 6 },
    (_, index) => file.readUInt32BE(at + 20 + index * 4),
  );
  const header: Header = {
    version: file.readUInt8(at + 4),
    utcCount: utcCount ?? 0,
    standardCount: standardCount ?? 0,
    leapCount: leapCount ?? 0,
    timeCount: timeCount ?? 0,
    typeCount: typeCount ?? 0,
    characterCount: characterCount ?? 0,
  };
  return Object.values(header).some((count) => count > MAX_COUNT) ? undefined : header;
}

function bodyBytes(header: Header, timeBytes: 4 | 8): number {
  return (
    header.timeCount * (timeBytes + 1) +
    header.typeCount * TYPE_BYTES +
    header.characterCount +
    header.leapCount * (timeBytes + 4) +
    header.standardCount +
    header.utcCount
  );
}

function offsetOf(file: Buffer, block: Block, atSeconds: number): number | undefined {
  const { header, at, timeBytes } = block;
  const times = at + HEADER_BYTES;
  const indexes = times + header.timeCount * timeBytes;
  const types = indexes + header.timeCount;
  const end = at + HEADER_BYTES + bodyBytes(header, timeBytes);
  if (file.length < end || header.typeCount === 0) return undefined;
  const timeOf = (index: number): number =>
    timeBytes === 4
      ? file.readInt32BE(times + index * 4)
      : Number(file.readBigInt64BE(times + index * 8));
  let passed = 0;
  while (passed < header.timeCount && timeOf(passed) <= atSeconds) passed += 1;
  if (passed === header.timeCount && timeBytes === 8) {
    const rule = /^\n([^\n]{0,200})\n/.exec(file.toString('latin1', end, end + 202))?.[1];
    if (rule !== undefined && rule !== '') return offsetOfRule(rule);
  }
  const type = passed === 0 ? 0 : file.readUInt8(indexes + passed - 1);
  if (type >= header.typeCount) return undefined;
  return file.readInt32BE(types + type * TYPE_BYTES) / SECONDS_PER_MINUTE;
}

/** `<+07>-7` is seven hours east: POSIX counts west. A rule with summer time is not read here. */
export function offsetOfRule(rule: string): number | undefined {
  const found = /^(?:<[^>]{1,20}>|[A-Za-z]{3,10})([+-]?)(\d{1,2})(?::(\d{2}))?(?::\d{2})?$/.exec(
    rule,
  );
  if (!found) return undefined;
  const west = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return west === 0 ? 0 : found[1] === '-' ? west : -west;
}
