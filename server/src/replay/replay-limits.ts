/** A segment begins with a key frame and lasts so long: at most so much is read to show a moment. */
export const SEGMENT_MS = 5 * 60_000;
/** A collector that is killed loses what was not flushed. */
export const FLUSH_EVERY_MS = 3_000;
/** Boards get a beat a second: where there is none for so long the collector stood still. */
export const GAP_MS = 10_000;
/** A clock that is set back by more than this begins another segment. */
export const STEP_BACK_MS = 1_000;
/** Bytes that wait for the disk. Beyond it the segment ends: the rest of it is dropped and counted. */
export const PENDING_BYTES = 64_000_000;
/** A disk that took nothing is tried again after this. */
export const RETRY_MS = 30_000;
/** One line is one frame; a longer one is damage. */
export const LINE_BYTES = 256_000_000;
/** An answer with frames: so long a stretch, and so many bytes, may be asked for at once. */
export const FRAMES_SPAN_MS = 10 * 60_000;
export const FRAMES_BYTES = 4_000_000;
/** Marks are asked for by the day. */
export const MARKS_SPAN_MS = 48 * 3_600_000;
export const MARKS = 5_000;
/** Segments are read by so many at a time; so many more wait. */
export const READERS = 2;
export const WAITING_READERS = 16;
