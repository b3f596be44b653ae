/** Formats by the folder of `formats/` that holds each. */
export const webhookFormats = [
  'json',
  'alertmanager',
  'alertmanager-webhook',
  'mattermost',
  'slack',
  'telegram',
  'email',
] as const;
export type WebhookFormatId = (typeof webhookFormats)[number];

/** Plain values that a receiver is set up with; which ones, its format says. */
export type WebhookSettings = Readonly<Record<string, string | number | boolean>>;

/** A receiver of alerts. */
export interface Webhook {
  /** `wh-3`. */
  readonly id: string;
  readonly name: string;
  readonly format: WebhookFormatId;
  /** Without secrets: those are written and never read back. */
  readonly settings: WebhookSettings;
  /** Names of the secrets that are set. */
  readonly secretNames: readonly string[];
  readonly isEnabled: boolean;
  /** Addresses of private networks are refused unless this is set. Loopback and link-local too. */
  readonly allowsPrivate: boolean;
  /** A delivery is given up after so long, ms. */
  readonly giveUpAfterMs: number;
  readonly language: 'ru' | 'en';
  /** Liquid template of the message's text; null for the format's own. Only formats with a text. */
  readonly template: string | null;
  readonly createdAtMs: number;
  readonly createdBy: string;
  /** The last «Учебная тревога», null for never. */
  readonly lastTest: WebhookTest | null;
}

/** A receiver with its secrets, for delivering only. Never leaves the collector. */
export interface WebhookWithSecrets extends Webhook {
  readonly secrets: Readonly<Record<string, string>>;
}

/** The receipt of a drill. */
export interface WebhookTest {
  readonly eventId: string;
  readonly atMs: number;
  readonly state: 'pending' | 'delivered' | 'failed';
  /** From the decision to the receiver's answer. */
  readonly tookMs: number | null;
  /** Token of `outcomes` in `delivery.ts`; null while pending. */
  readonly outcome: string | null;
}
