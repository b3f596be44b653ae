/** A plain value that a receiver is set up with. */
export type SettingValue = string | number | boolean;

/** A receiver in `GET /api/v1/webhooks`. Secrets are written and never read back. */
export interface WebhookAnswer {
  readonly id: string;
  readonly name: string;
  readonly format: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly secretNames: readonly string[];
  readonly isEnabled: boolean;
  readonly allowsPrivate: boolean;
  readonly giveUpAfterMs: number;
  readonly language: 'ru' | 'en';
  readonly template: string | null;
  readonly lastTest: WebhookTestAnswer | null;
  /** `closed`, `open`, `halfOpen`, `patience`. */
  readonly breaker: string;
  readonly pending: number;
  readonly dead: number;
}

/** The receipt of a drill. */
export interface WebhookTestAnswer {
  readonly atMs: number;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly tookMs: number | null;
  readonly outcome: string | null;
}

export interface WebhooksAnswer {
  readonly items: readonly WebhookAnswer[];
}

/** A format in `GET /api/v1/webhooks/formats`. */
export interface FormatAnswer {
  readonly id: string;
  readonly hasTemplate: boolean;
  readonly fields: readonly FieldAnswer[];
}

/** One setting of a format. */
export interface FieldAnswer {
  readonly name: string;
  readonly kind: 'url' | 'text' | 'number' | 'boolean' | 'choice' | 'list';
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly choices?: readonly string[];
  readonly default?: SettingValue;
  readonly maxLength?: number;
}

export interface FormatsAnswer {
  readonly items: readonly FormatAnswer[];
}

/** An entry of `GET /api/v1/deliveries`, newest first. */
export interface DeliveryAnswer {
  readonly id: number;
  readonly webhookId: string;
  readonly kind: string;
  readonly incidentId: string | null;
  readonly isDrill: boolean;
  readonly state: string;
  readonly createdAtMs: number;
  readonly nextAttemptAtMs: number | null;
  readonly attempts: number;
  readonly lastOutcome: string | null;
  readonly lastStatus: number | null;
  readonly endedAtMs: number | null;
}

/** `GET /api/v1/deliveries/{id}`. */
export interface DeliveryWithLogAnswer extends DeliveryAnswer {
  /** Oldest first. */
  readonly log: readonly {
    readonly atMs: number;
    readonly outcome: string;
    /** Of the receiver's answer, where it gave one. */
    readonly status: number | null;
    readonly tookMs: number;
  }[];
}

export interface DeliveriesAnswer {
  readonly items: readonly DeliveryAnswer[];
  readonly nextCursor?: string;
}

/** `GET /api/v1/alert-routing`. */
export interface RoutingAnswer {
  /** 0 for the one that holds where nobody wrote one. */
  readonly version: number;
  readonly routing: RoutingDocument;
}

/** The document of routes, the first that matches holds. */
export interface RoutingDocument {
  readonly routes: readonly RouteDocument[];
}

export interface RouteDocument {
  readonly name: string;
  /** What is missing asks for nothing. */
  readonly match: {
    readonly severities?: readonly string[];
    readonly municipalities?: readonly string[];
    readonly sites?: readonly string[];
    readonly checks?: readonly string[];
    readonly phases?: readonly string[];
    readonly levels?: readonly string[];
    readonly hours?: { readonly from: string; readonly to: string };
  };
  /** Ids; `*` for every receiver that is enabled. */
  readonly webhooks: readonly string[];
  readonly continues: boolean;
  readonly escalation?: readonly {
    readonly afterMinutes: number;
    readonly webhooks: readonly string[];
  }[];
  readonly digest?: { readonly everyMinutes: number };
}
