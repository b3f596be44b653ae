import { planTimes, type Plan } from '@ppe-pulse/protocol';
import type { StateDatabase } from '../state/database.ts';
import { webhookNumber } from './outbox/delivery-rows.ts';
import type { Webhook } from './webhook.ts';

/** Tokens of what the board must say of the receivers before the day. */
export const testWarningTokens = ['webhookTestFailed', 'webhookUntested', 'noWebhooks'] as const;
export type TestWarning = (typeof testWarningTokens)[number];

const DAY_MS = 24 * 3_600_000;
/** Before the day of a rehearsal receivers must be there and tested. */
const SOON_DAYS = 3;
/** A test says nothing of a network that had a week to change. */
const TEST_HOLDS_MS = 7 * DAY_MS;

export interface TestFacts {
  /** The enabled ones. */
  readonly webhooks: readonly Pick<Webhook, 'id' | 'lastTest'>[];
  /** Ids of those whose newest end of a delivery is not a success. */
  readonly failing: ReadonlySet<string>;
  /** A rehearsal is near. */
  readonly isSoon: boolean;
  readonly wallMs: number;
}

/** What is to be said of the receivers. Pure. */
export function testWarningsOf({ webhooks, failing, isSoon, wallMs }: TestFacts): TestWarning[] {
  const hasFailed = webhooks.some(
    ({ id, lastTest }) => lastTest?.state === 'failed' || failing.has(id),
  );
  const isUntested = webhooks.some(
    ({ lastTest }) => lastTest === null || wallMs - lastTest.atMs > TEST_HOLDS_MS,
  );
  return [
    ...(hasFailed ? (['webhookTestFailed'] as const) : []),
    ...(isSoon && isUntested ? (['webhookUntested'] as const) : []),
    ...(isSoon && webhooks.length === 0 ? (['noWebhooks'] as const) : []),
  ];
}

/** True from three days before the day of a plan until it is over, on the rehearsal's clock. Pure. */
export function isRehearsalNear(plan: Plan | null, timeZone: string, nowMs: number): boolean {
  if (!plan) return false;
  const times = planTimes(plan);
  return nowMs >= times.dayStartMs(-SOON_DAYS, timeZone) && nowMs < times.dayStartMs(1, timeZone);
}

/** Something was given up since the webhook last took anything. */
export function isFailing(database: StateDatabase, webhookId: string): boolean {
  const deadAtMs = newestEnd(database, webhookId, 'dead');
  if (deadAtMs === null) return false;
  const deliveredAtMs = newestEnd(database, webhookId, 'delivered');
  return deliveredAtMs === null || deadAtMs > deliveredAtMs;
}

/** By an index: what has ended has no next attempt, and the newest row is the last of them. */
function newestEnd(
  database: StateDatabase,
  webhookId: string,
  state: 'dead' | 'delivered',
): number | null {
  const row = database.all(
    `SELECT ended_at_ms FROM deliveries
     WHERE state = ? AND webhook_id = ? AND next_attempt_at_ms IS NULL ORDER BY id DESC LIMIT 1`,
    state,
    webhookNumber(webhookId),
  )[0];
  return row ? Number(row.ended_at_ms) : null;
}
