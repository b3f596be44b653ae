import type { PlaceNames } from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../alert.ts';
import type { Outgoing } from '../delivery.ts';
import type { WebhookFormatId, WebhookWithSecrets } from '../webhook.ts';

/** One setting of a format, for checks and for the form on the board. */
export interface FormatField {
  readonly name: string;
  readonly kind: 'url' | 'text' | 'number' | 'boolean' | 'choice' | 'list';
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  /** Characters. */
  readonly maxLength?: number;
}

/** What a wrong setting is told as. */
export interface SettingProblem {
  /** Name of the field, or `template`. */
  readonly field: string;
  /** Stable token: `badScheme`, `hasCredentials`, `unknownField`, `missing`, `badTemplate`, … */
  readonly reason: string;
  /** One line for a person, what to write instead. */
  readonly detail: string;
}

/** What messages may lead to: where the board is, null where nobody said. */
export interface FormatContext {
  readonly boardUrl: string | null;
  readonly collectorVersion: string;
  /** Zone of the times in texts; the region's. Kuzbass without one. */
  readonly timeZone?: string;
  /** Names of municipalities and kinds of sites; slugs and «ППЭ» without. */
  readonly names?: PlaceNames;
}

/** One way to tell a receiver; each in a folder of its own, listed in `catalogue.ts`. */
export interface WebhookFormat {
  readonly id: WebhookFormatId;
  readonly fields: readonly FormatField[];
  /** True where people may write their own text. */
  readonly hasTemplate: boolean;
  /** True where an incident stays open until its end is told, also one that a digest listed. */
  readonly keepsState: boolean;
  /** Pure. Throws a `FormatError` when the event cannot be told so. */
  readonly make: (
    event: AlertEvent,
    webhook: WebhookWithSecrets,
    context: FormatContext,
  ) => Outgoing;
}

/** The message cannot be made; another attempt would end alike. */
export class FormatError extends Error {}
