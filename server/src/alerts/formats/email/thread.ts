import type { AlertEvent } from '../../alert.ts';

/** Ids of a mail: its own and of the mail that it follows. */
export interface MailThread {
  readonly messageId: string;
  readonly inReplyTo: string | null;
}

/**
 * Mails of one incident are one thread: the opening has an id that is made of the incident, all others
 * follow it. The moment of the opening is in it because a restored store may give a number anew. A
 * repeated attempt has the same id, so mail servers may drop it.
 */
export function threadOf(event: AlertEvent, from: string): MailThread {
  const domain = from.split('@').at(-1) ?? 'localhost';
  if (event.kind === 'drill' || event.kind === 'digest')
    return { messageId: `<${event.id}@${domain}>`, inReplyTo: null };
  const { id, openedAtMs } = event.incident;
  const root = `<${id}.${Math.trunc(openedAtMs)}.ppe-pulse@${domain}>`;
  return event.kind === 'opened'
    ? { messageId: root, inReplyTo: null }
    : { messageId: `<${event.id}@${domain}>`, inReplyTo: root };
}
