import type { AlertEvent, AlertKind } from './alert.ts';
import type { WebhookWithSecrets } from './webhook.ts';

/** How an attempt ended. */
export const attemptOutcomes = [
  'delivered',
  /** No answer in time. */
  'timedOut',
  'connectionFailed',
  /** The name does not resolve. */
  'dnsFailed',
  'tlsFailed',
  /** The address is of a private network and that is not allowed. */
  'addressRefused',
  /** An answer that is neither success nor «try later». */
  'rejected',
  /** 5xx. */
  'serverError',
  /** 429, or 503 with Retry-After. */
  'throttled',
  /** 410: the receiver is no longer there. */
  'gone',
  /** 3xx: redirects are not followed. */
  'redirected',
  /** The answer broke off. */
  'brokenAnswer',
  /** The message could not be made: a template, settings. */
  'notRenderable',
] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** Of a delivery. */
export const deliveryStates = ['pending', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One attempt to deliver. */
export interface Attempt {
  readonly outcome: AttemptOutcome;
  /** HTTP or SMTP status, null without an answer. Bodies are never kept. */
  readonly status: number | null;
  readonly tookMs: number;
  /** The receiver asked for this much patience; null for not. */
  readonly retryAfterMs: number | null;
  /** False: another attempt would end alike. */
  readonly isRetryable: boolean;
}

/** A delivery of one event to one webhook, as the log shows it. */
export interface Delivery {
  readonly id: number;
  readonly eventId: string;
  readonly webhookId: string;
  readonly kind: AlertKind;
  /** `i-17`; null for drills and digests. */
  readonly incidentId: string | null;
  readonly isDrill: boolean;
  readonly state: DeliveryState;
  readonly createdAtMs: number;
  readonly nextAttemptAtMs: number | null;
  readonly deadlineAtMs: number;
  readonly attempts: number;
  readonly lastOutcome: AttemptOutcome | null;
  readonly lastStatus: number | null;
  /** Of the last attempt. */
  readonly lastTookMs: number | null;
  /** When it was delivered or given up. */
  readonly endedAtMs: number | null;
}

/** What a format makes of an event: an HTTP request, or a mail. */
export type Outgoing =
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly method: 'POST';
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Signed as Standard Webhooks over the event's id; undefined for none. */
      readonly signingSecret?: string;
    }
  | {
      readonly kind: 'mail';
      readonly host: string;
      readonly port: number;
      /** `tls` from the first byte, `startTls` required, or `plain`. */
      readonly security: 'tls' | 'startTls' | 'plain';
      readonly user: string | null;
      readonly password: string | null;
      readonly from: string;
      readonly to: readonly string[];
      readonly subject: string;
      readonly text: string;
      /** Mails of one incident are one thread. */
      readonly messageId: string;
      readonly inReplyTo: string | null;
    };

/** Sends what a format made. One implementation for HTTP, one for mail; both never throw. */
export type Send = (
  outgoing: Outgoing,
  webhook: Pick<WebhookWithSecrets, 'allowsPrivate'>,
  event: Pick<AlertEvent, 'id' | 'atMs'>,
) => Promise<Attempt>;
