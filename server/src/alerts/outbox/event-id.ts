import { randomBytes } from 'node:crypto';

/** A new id of an event: `evt_` and 22 characters, 128 random bits. */
export function newEventId(): string {
  return `evt_${randomBytes(16).toString('base64url')}`;
}
