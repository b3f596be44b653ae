import { MAX_NOTE_LENGTH } from '@ppe-pulse/protocol';
import type { Outcome } from './incident-book.ts';

export type Refused = Extract<Outcome<never>, { kind: 'refused' }>;

export function refused(reason: string, detail: string): Refused {
  return { kind: 'refused', reason, detail };
}

/** Lines and tabs may be in a note; other control characters break logs and messages. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
/** Half a character: no receiver takes it. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A person's text as it is kept. */
export function cleanNote(note: string): string {
  return note.replaceAll('\r\n', '\n').replace(CONTROL, ' ').replace(LONE_SURROGATE, '�').trim();
}

/** Why a text is refused, undefined for a good one. `isNeeded`: an empty one says nothing. */
export function refusedNote(note: string, isNeeded: boolean): Refused | undefined {
  if (isNeeded && note === '') return refused('noteEmpty', 'write what it is about');
  if (note.length <= MAX_NOTE_LENGTH) return undefined;
  const detail = `${note.length} characters: write at most ${MAX_NOTE_LENGTH}`;
  return refused('noteTooLong', detail);
}

/** The disk is full, or broken: nothing of it happened. */
export function notStored(): Refused {
  return refused('notStored', 'the collector cannot write now; its log says why: try again');
}
