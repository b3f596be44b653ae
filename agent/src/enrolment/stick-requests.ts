import { join } from 'node:path';
import {
  ENROLMENT_REQUEST_BYTES,
  readEnrolmentRequest,
  type EnrolmentRequest,
} from '@ppe-pulse/protocol/enrolment';
import { entriesOf, readBounded, writeDurably, type FolderEntry } from '../carry/stick.ts';
import { codeOf } from '../platform/errors.ts';
import { problemOf } from './ask-for-place.ts';
import { WAY_HEADER, postRequest, type Asked } from './post-request.ts';

const REQUEST = '.enrolment-request.json';
const CREDENTIAL = '.credential.json';
const NAME = /^ppe-\d{4}-w-[0-9a-f]{16}\.enrolment-request\.json$/;
/** A ППЭ has a few isolated PCs; a stick full of files is nobody's errand. */
const MAX_REQUESTS = 50;

/** What became of one request of a stick. */
export interface StickRequest {
  readonly file: string;
  /** `credential`: it lies beside the request now. `strange`: a link, a pipe or a folder bears its name. */
  readonly outcome: 'credential' | 'refused' | 'noLine' | 'damaged' | 'strange' | 'unwritten';
  /** The problem's kind, or the system's code; empty for none. */
  readonly detail: string;
}

/** Where a request goes on a stick. */
export function requestFileOf(directory: string, siteCode: string, agentId: string): string {
  return join(directory, `ppe-${siteCode}-${agentId}${REQUEST}`);
}

/** Where the answer to that request comes back. */
export function credentialFileOf(requestFile: string): string {
  return `${requestFile.slice(0, -REQUEST.length)}${CREDENTIAL}`;
}

/** A request as it lies on a stick; undefined for what is none. */
export function requestAt(path: string): EnrolmentRequest | undefined {
  return readEnrolmentRequest(readSmall(path));
}

/**
 * Hands the requests of a stick to the collector and puts its credentials beside them. One that has its
 * credential already is asked for again: it is the same, or what a person approved since.
 */
export async function answerStickRequests(
  directory: string,
  collector: () => Asked,
): Promise<StickRequest[]> {
  const named = entriesIn(directory).filter(({ name }) => NAME.test(name));
  const sorted = named.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const answers: StickRequest[] = [];
  for (const { name: file, isFile } of sorted.slice(0, MAX_REQUESTS)) {
    const became = isFile ? await answer(join(directory, file), collector()) : strange;
    answers.push({ file, ...became });
  }
  return answers;
}

const strange: Omit<StickRequest, 'file'> = { outcome: 'strange', detail: '' };

async function answer(path: string, collector: Asked): Promise<Omit<StickRequest, 'file'>> {
  const request = requestAt(path);
  if (!request) return { outcome: 'damaged', detail: '' };
  const came = await postRequest(collector, request, { [WAY_HEADER]: 'drive' });
  if (came.kind === 'failed') return { outcome: 'noLine', detail: came.error };
  if (came.status !== 200) return { outcome: 'refused', detail: problemOf(came.body) };
  try {
    const credential = credentialFileOf(path);
    writeDurably(credential, `${credential}.tmp`, Buffer.from(came.body));
    return { outcome: 'credential', detail: '' };
  } catch (error) {
    return { outcome: 'unwritten', detail: codeOf(error) };
  }
}

/** A stick that was pulled out brings nothing; what else it should bring has said so. */
function entriesIn(directory: string): readonly FolderEntry[] {
  try {
    return entriesOf(directory).entries;
  } catch {
    return [];
  }
}

/** What is longer than a request is none; what cannot be read, or is no file any more, is damaged. */
function readSmall(path: string): string {
  try {
    const file = readBounded(path, ENROLMENT_REQUEST_BYTES);
    return typeof file === 'string' ? '' : file.toString('utf8');
  } catch {
    return '';
  }
}
