import { randomUUID } from 'node:crypto';

/** A new id of an event: `evt_` and 22 characters, 122 random bits. A storm makes thousands at once. */
export function newEventId(): string {
  return `evt_${Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')}`;
}
