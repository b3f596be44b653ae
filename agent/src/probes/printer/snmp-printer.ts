import type { PrinterCondition } from '@ppe-pulse/protocol';
import type { Lacking } from './keywords.ts';
import type { PrinterSighting } from './sighting.ts';
import type { SnmpValue } from './snmp-message.ts';
import { isAllEmpty, sheetsIn } from './trays.ts';

/** Objects that are read with one GET (Host Resources MIB RFC 2790, Printer-MIB RFC 3805). */
export const snmpObjects = {
  deviceStatus: '1.3.6.1.2.1.25.3.2.1.5.1',
  printerStatus: '1.3.6.1.2.1.25.3.5.1.1.1',
  errorState: '1.3.6.1.2.1.25.3.5.1.2.1',
  lifeCount: '1.3.6.1.2.1.43.10.2.1.4.1.1',
  coverStatus: '1.3.6.1.2.1.43.6.1.1.3.1.1',
} as const;
export type SnmpObject = keyof typeof snmpObjects;

/** Columns that are walked; the instances' last number tells rows apart. */
export const snmpColumns = {
  supplyMost: '1.3.6.1.2.1.43.11.1.1.8.1',
  supplyLevel: '1.3.6.1.2.1.43.11.1.1.9.1',
  trayLevel: '1.3.6.1.2.1.43.8.2.1.10.1',
} as const;
export type SnmpColumn = keyof typeof snmpColumns;

/** One look over SNMP. */
export interface SnmpReading {
  readonly objects: Readonly<Record<SnmpObject, SnmpValue>>;
  readonly columns: Readonly<Record<SnmpColumn, readonly number[]>>;
}

/** `hrPrinterDetectedErrorState`: bit 0 is the most significant bit of the first byte. */
const errorBits: readonly (PrinterCondition | undefined)[] = [
  'lowPaper',
  'noPaper',
  'lowToner',
  'noToner',
  'coverOpen',
  'jam',
  'offline',
  'serviceNeeded',
  // An input tray that is not there, or empty, is one of several: `lackingOf` tells which.
  'lowPaper',
  'trayMissing',
  'noToner',
  undefined,
  'outputFull',
  'lowPaper',
  undefined,
];

const INPUT_TRAY_MISSING = 8;
const INPUT_TRAY_EMPTY = 13;
const DEVICE_DOWN = 5;
/** Printing, and warming up for it. */
const PRINTER_WORKING = [4, 5];
const COVER_OPEN = [3, 5];

/** The printer's own word about itself. */
export function snmpSighting({ objects, columns }: SnmpReading): PrinterSighting {
  const conditions = new Set(errorConditions(objects.errorState));
  if (COVER_OPEN.includes(numberOf(objects.coverStatus) ?? 0)) conditions.add('coverOpen');
  const isDown = objects.deviceStatus === DEVICE_DOWN;
  if (isDown && conditions.size === 0) conditions.add('printerError');
  const lack = lackingOf(objects.errorState);
  // A device that is down for a tray waits for that tray.
  const isLackKnown = isDown || isAllEmpty(columns.trayLevel) || conditions.has('noPaper');
  const lacking = isLackKnown ? undefined : lack;
  if (lack && isAllEmpty(columns.trayLevel)) conditions.add('noPaper');
  else if (lack && isDown) conditions.add(lack);
  const lifePages = numberOf(objects.lifeCount);
  const tonerRatio = suppliesRatio(columns.supplyLevel, columns.supplyMost);
  const paperSheets = sheetsIn(columns.trayLevel);
  const isWorking = PRINTER_WORKING.includes(numberOf(objects.printerStatus) ?? 0);
  return {
    source: 'snmp',
    state: isDown ? 'stopped' : isWorking ? 'printing' : 'idle',
    conditions: [...conditions],
    ...(lacking ? { lacking } : {}),
    ...(lifePages === undefined || lifePages < 0 ? {} : { lifePages }),
    ...(tonerRatio === undefined ? {} : { tonerRatio }),
    ...(paperSheets === undefined ? {} : { paperSheets }),
  };
}

/** Conditions of the error bits; the string may be one or two bytes long. */
export function errorConditions(bits: SnmpValue): PrinterCondition[] {
  if (!Buffer.isBuffer(bits)) return [];
  return errorBits.flatMap((condition, at) => {
    return condition && isSet(bits, at) ? [condition] : [];
  });
}

function lackingOf(bits: SnmpValue): Lacking | undefined {
  if (!Buffer.isBuffer(bits)) return undefined;
  if (isSet(bits, INPUT_TRAY_EMPTY)) return 'noPaper';
  return isSet(bits, INPUT_TRAY_MISSING) ? 'trayMissing' : undefined;
}

function isSet(bits: Buffer, at: number): boolean {
  return ((bits[Math.floor(at / 8)] ?? 0) & (0x80 >> (at % 8))) !== 0;
}

/** Smallest share that is left; −1, −2 and −3 are «other», «unknown» and «some». */
function suppliesRatio(levels: readonly number[], most: readonly number[]): number | undefined {
  const ratios = levels.flatMap((level, at) => {
    const full = most[at] ?? 0;
    return level >= 0 && full > 0 ? [Math.min(1, level / full)] : [];
  });
  return ratios.length === 0 ? undefined : Math.min(...ratios);
}

function numberOf(value: SnmpValue): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
