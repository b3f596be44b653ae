import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENROLMENT_REQUEST_BYTES, readEnrolmentRequest } from '@ppe-pulse/protocol/enrolment';
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
  /** `credential`: it lies beside the request now. */
  readonly outcome: 'credential' | 'refused' | 'noLine' | 'damaged' | 'unwritten';
  /** The problem's kind, or the system's code; empty for none. */
  readonly detail: string;
}

/** Where a request goes on a stick. */
export function requestFileOf(directory: string, siteCode: string, agentId: string): string {
  return join(directory, `ppe-${siteCode}-${agentId}${REQUEST}`);
}

/**
 * Hands the requests of a stick to the collector and puts its credentials beside them. One that has its
 * credential already is asked for again: it is the same, or what a person approved since.
 */
export async function answerStickRequests(
  directory: string,
  collector: () => Asked,
): Promise<StickRequest[]> {
  const files = namesIn(directory).filter((name) => NAME.test(name));
  const answers: StickRequest[] = [];
  for (const file of files.sort().slice(0, MAX_REQUESTS))
    answers.push({ file, ...(await answer(join(directory, file), collector())) });
  return answers;
}

async function answer(path: string, collector: Asked): Promise<Omit<StickRequest, 'file'>> {
  const request = readEnrolmentRequest(readSmall(path));
  if (!request) return { outcome: 'damaged', detail: '' };
  const came = await postRequest(collector, request, { [WAY_HEADER]: 'drive' });
  if (came.kind === 'failed') return { outcome: 'noLine', detail: came.error };
  if (came.status !== 200) return { outcome: 'refused', detail: problemOf(came.body) };
  try {
    writeFileSync(`${path.slice(0, -REQUEST.length)}${CREDENTIAL}`, came.body);
    return { outcome: 'credential', detail: '' };
  } catch (error) {
    return { outcome: 'unwritten', detail: codeOf(error) };
  }
}

/** A stick that was pulled out brings nothing; what else it should bring has said so. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** What is longer than a request is none; what cannot be read is damaged. */
function readSmall(path: string): string {
  try {
    return statSync(path).size > ENROLMENT_REQUEST_BYTES ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
