import { MAX_NOTE_LENGTH } from '@ppe-pulse/protocol';

/**
 * What a field takes in. More than a note may be long: a field that cuts at the limit drops the end of a
 * pasted text silently, and what is longer is refused by the collector in words. Not without end: a
 * megabyte in a field makes a browser stand still.
 */
export const MAX_TYPED_LENGTH = 10 * MAX_NOTE_LENGTH;
