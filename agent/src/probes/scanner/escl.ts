import type { ScannerFacts } from '@ppe-pulse/protocol';
import { plain } from '../../platform/plain.ts';
import { childText, descendants, readXml, wholeNumber, type XmlElement } from './xml.ts';

/** `pwg:State` (PWG 5100.12, eSCL 2.97): the whole list. */
const states = {
  Idle: 'idle',
  Processing: 'processing',
  Testing: 'testing',
  Stopped: 'stopped',
  Down: 'down',
} as const;
export type EsclState = (typeof states)[keyof typeof states];

/** `scan:AdfState` (eSCL 2.97); `ScannerAdfDoorOpen` is of older devices. */
const feeders = {
  ScannerAdfEmpty: 'empty',
  ScannerAdfLoaded: 'loaded',
  ScannerAdfProcessing: 'processing',
  ScannerAdfJam: 'jam',
  ScannerAdfMispick: 'mispick',
  ScannerAdfMultipickDetected: 'multipick',
  ScannerAdfHatchOpen: 'coverOpen',
  ScannerAdfDoorOpen: 'coverOpen',
  ScannerAdfInputTrayFailed: 'trayFailed',
  ScannerAdfInputTrayOverloaded: 'trayOverloaded',
  ScannerAdfDuplexPageTooShort: 'pageTooShort',
  ScannerAdfDuplexPageTooLong: 'pageTooLong',
} as const;
/** `other`: a word that is not in the standard. */
export type EsclFeeder = (typeof feeders)[keyof typeof feeders] | 'other';

/** What the check knows of a feeder: a sheet that went in wrong is a jam to whoever stands there. */
const feederFacts: Readonly<Record<EsclFeeder, NonNullable<ScannerFacts['feeder']>>> = {
  empty: 'empty',
  loaded: 'loaded',
  processing: 'loaded',
  jam: 'jam',
  mispick: 'jam',
  multipick: 'jam',
  coverOpen: 'coverOpen',
  trayFailed: 'other',
  trayOverloaded: 'other',
  pageTooShort: 'other',
  pageTooLong: 'other',
  other: 'other',
};

/** What a scanner says of itself now. Jobs are counted; whose they are is not read. */
export interface EsclStatus {
  readonly state: EsclState;
  /** Undefined of a scanner without a feeder. */
  readonly feeder?: EsclFeeder;
  /** Jobs that have not ended. */
  readonly activeJobs: number;
  /** Pictures of all jobs that the scanner still remembers. */
  readonly imagesCompleted: number;
}

/** What a scanner can do. Serial number and UUID stay there. */
export interface EsclCapabilities {
  /** Printable ASCII, at most 80 characters. */
  readonly model: string;
  readonly hasPlaten: boolean;
  readonly hasFeeder: boolean;
  readonly hasDuplexFeeder: boolean;
  /** Ascending; empty where the scanner gives a range. */
  readonly resolutionsDpi: readonly number[];
}

/** What the text is, or what is wrong with it. */
export type EsclReading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'malformed'; readonly why: 'notXml' | 'otherDocument' | 'badState' };

/** Ends of a job (PWG 5100.12 `JobState`). */
const ENDED = new Set(['Completed', 'Canceled', 'Aborted']);
/** Distinct resolutions that are told; real scanners have at most ten. */
const MAX_RESOLUTIONS = 32;

/** Reads the answer to `GET …/ScannerStatus`. Throws nothing. */
export function parseScannerStatus(text: string): EsclReading<EsclStatus> {
  const root = readXml(text);
  if (!root) return { kind: 'malformed', why: 'notXml' };
  if (root.name !== 'ScannerStatus') return { kind: 'malformed', why: 'otherDocument' };
  const state = wordOf(states, childText(root, 'State'));
  if (state === undefined) return { kind: 'malformed', why: 'badState' };
  const feeder = feederOf(childText(root, 'AdfState'));
  const jobs = descendants(root, 'JobInfo');
  const value = {
    state,
    ...(feeder === undefined ? {} : { feeder }),
    activeJobs: jobs.filter(isActive).length,
    imagesCompleted: jobs.reduce(
      (sum, job) => sum + (wholeNumber(childText(job, 'ImagesCompleted')) ?? 0),
      0,
    ),
  };
  return { kind: 'read', value };
}

/** Reads the answer to `GET …/ScannerCapabilities`. Throws nothing. */
export function parseScannerCapabilities(text: string): EsclReading<EsclCapabilities> {
  const root = readXml(text);
  if (!root) return { kind: 'malformed', why: 'notXml' };
  if (root.name !== 'ScannerCapabilities') return { kind: 'malformed', why: 'otherDocument' };
  const has = (name: string): boolean => descendants(root, name).length > 0;
  const resolutions = descendants(root, 'DiscreteResolution').flatMap((each) => {
    const dpi = wholeNumber(childText(each, 'XResolution'));
    return dpi === undefined ? [] : [dpi];
  });
  return {
    kind: 'read',
    value: {
      model: plain(childText(root, 'MakeAndModel') ?? ''),
      hasPlaten: has('Platen'),
      hasFeeder: has('Adf'),
      hasDuplexFeeder: has('AdfDuplexInputCaps'),
      resolutionsDpi: [...new Set(resolutions)].sort((a, b) => a - b).slice(0, MAX_RESOLUTIONS),
    },
  };
}

/** The feeder in the words of the check. */
export function feederFact(feeder: EsclFeeder): NonNullable<ScannerFacts['feeder']> {
  return feederFacts[feeder];
}

function feederOf(word: string | undefined): EsclFeeder | undefined {
  return word === undefined ? undefined : (wordOf(feeders, word) ?? 'other');
}

function isActive(job: XmlElement): boolean {
  const state = childText(job, 'JobState');
  return state !== undefined && !ENDED.has(state);
}

function wordOf<W extends string>(
  words: Readonly<Record<string, W>>,
  word: string | undefined,
): W | undefined {
  return word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined;
}
