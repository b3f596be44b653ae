import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Clock } from '../../clock.ts';
import type { Outgoing, Send } from '../delivery.ts';
import { isAllowed, type AddressPolicy } from './address-policy.ts';
import { addressesOf, type ResolvedAddress, type ResolveName } from './host-resolver.ts';
import { outcomeOfError } from './http-outcome.ts';
import { codeOf, failure, type SendOutcome } from './send-outcome.ts';
import { isAddress } from './ip-address.ts';
import { outcomeOfMailError, type MailError } from './mail-outcome.ts';
import { pinnedTo } from './pinned-lookup.ts';
import { transportLimits, type TransportLimits } from './transport-limits.ts';
import { within } from './within.ts';

export interface MailSendParts {
  readonly policy: AddressPolicy;
  readonly resolve: ResolveName;
  readonly clock: Clock;
  readonly limits?: TransportLimits;
  /** Certificates that are trusted instead of the system's, PEM. */
  readonly ca?: string;
}

type MailOutgoing = Extract<Outgoing, { kind: 'mail' }>;

/** Sends mails by SMTP, one connection each. The address is judged as a webhook's. */
export function createMailSend(parts: MailSendParts): Send {
  const limits = parts.limits ?? transportLimits;
  return async (outgoing, webhook) => {
    const startedMs = parts.clock.monotonicMs();
    const passedMs = (): number => parts.clock.monotonicMs() - startedMs;
    const outcome =
      outgoing.kind === 'mail'
        ? await deliver(outgoing, webhook.allowsPrivate, { ...parts, limits, passedMs })
        : failure('notRenderable', false);
    return { ...outcome, tookMs: passedMs() };
  };
}

interface Context extends MailSendParts {
  readonly limits: TransportLimits;
  readonly passedMs: () => number;
}

async function deliver(
  mail: MailOutgoing,
  allowsPrivate: boolean,
  context: Context,
): Promise<SendOutcome> {
  const { limits, policy, passedMs } = context;
  if (!isAllowed(policy.kindOfName(mail.host), allowsPrivate)) {
    return failure('addressRefused', false);
  }
  const asked = addressesOf(mail.host, allowsPrivate, context);
  const found = await within(limits.connectWithinMs, asked);
  if (found === undefined || found.kind === 'unknown') return failure('dnsFailed');
  if (found.kind === 'refused') return failure('addressRefused', false);
  const opened = await open(mail, found.addresses, limits.connectWithinMs - passedMs());
  if ('outcome' in opened) return opened;
  try {
    const sent = await within(limits.wholeWithinMs - passedMs(), send(mail, opened, context));
    return sent ?? failure('timedOut');
  } finally {
    // Also ends what the library would still be waiting for.
    opened.destroy();
  }
}

/** Connects to the addresses that were judged, and to no others. */
async function open(
  mail: MailOutgoing,
  addresses: readonly ResolvedAddress[],
  withinMs: number,
): Promise<Socket | SendOutcome> {
  let socket: Socket;
  try {
    socket = connect({
      host: mail.host,
      port: mail.port,
      ...pinnedTo(addresses),
    });
  } catch {
    // A port that is none.
    return failure('notRenderable', false);
  }
  const connected = new Promise<Socket | SendOutcome>((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.on('error', (error) => resolve(outcomeOfError(error, 'connecting')));
  });
  const opened = (await within(withinMs, connected)) ?? failure('timedOut');
  if ('outcome' in opened) socket.destroy();
  return opened;
}

async function send(mail: MailOutgoing, socket: Socket, context: Context): Promise<SendOutcome> {
  const { limits, ca } = context;
  const serverName = isAddress(mail.host) ? {} : { servername: mail.host };
  const transport = createTransport({
    connection: socket,
    host: mail.host,
    port: mail.port,
    secure: mail.security === 'tls',
    requireTLS: mail.security === 'startTls',
    ignoreTLS: mail.security === 'plain',
    connectionTimeout: limits.connectWithinMs,
    greetingTimeout: limits.connectWithinMs,
    socketTimeout: limits.answerWithinMs,
    maxResponseSize: limits.maxAnswerBytes,
    tls: { rejectUnauthorized: true, ...serverName, ...(ca === undefined ? {} : { ca }) },
    ...(mail.user === null ? {} : { auth: { user: mail.user, pass: mail.password ?? '' } }),
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const info = await transport.sendMail({
      from: mail.from,
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      messageId: mail.messageId,
      ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
    });
    const refused = info.rejectedErrors?.[0];
    // Some got it and one did not: that is not «delivered», and a second mail has the same id.
    return refused ? outcomeOfMailError(refused) : { ...failure('delivered', false), status: 250 };
  } catch (error) {
    return outcomeOfMailError(asMailError(error));
  } finally {
    transport.close();
  }
}

function asMailError(error: unknown): MailError {
  if (!(error instanceof Error)) return {};
  const { originalCode, responseCode } = error as Error & MailError;
  return { code: codeOf(error), originalCode, responseCode };
}
