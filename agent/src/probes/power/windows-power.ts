import type { PowerLook } from './power-look.ts';

/** SYSTEM_POWER_STATUS. */
export const POWER_STATUS_BYTES = 12;
const STATUS = { line: 0, flags: 1, percent: 2, secondsLeft: 4 } as const;
const OFF_LINE = 0;
const ON_LINE = 1;
const NO_BATTERY = 0x80;
const UNKNOWN_BYTE = 0xff;
const UNKNOWN_SECONDS = 0xffff_ffff;

/** What Windows says of mains and battery, by Microsoft's documented numbers. */
export function powerStatus(status: Buffer): PowerLook {
  const line = status.readUInt8(STATUS.line);
  const flags = status.readUInt8(STATUS.flags);
  if (flags !== UNKNOWN_BYTE && (flags & NO_BATTERY) !== 0) return { kind: 'nothing' };
  if (line !== OFF_LINE && line !== ON_LINE) return { kind: 'failed', reason: 'notSupported' };
  const percent = status.readUInt8(STATUS.percent);
  const secondsLeft = status.readUInt32LE(STATUS.secondsLeft);
  return {
    kind: 'seen',
    facts: {
      isOnMains: line === ON_LINE,
      ...(percent === UNKNOWN_BYTE ? {} : { chargeRatio: Math.min(1, percent / 100) }),
      ...(secondsLeft === UNKNOWN_SECONDS ? {} : { runtimeMs: secondsLeft * 1_000 }),
    },
  };
}
