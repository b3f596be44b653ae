import type { AgentConfig } from '../config.ts';
import type { Log } from '../platform/log.ts';
import { receiptsInbox, takeReceipts, type FreeableJournal } from './receipts.ts';

/** A flash drive came back with word of what the situation centre has: the journal is freed of it. */
export function takeOwnReceipts(
  { collector, dataDir }: Pick<AgentConfig, 'collector' | 'dataDir'>,
  own: { readonly agentId: string; readonly journal: FreeableJournal; readonly log: Log },
): void {
  const { publicKey } = collector;
  if (publicKey === undefined) return;
  const of = { agentId: own.agentId, publicKey };
  const { freed, refused } = takeReceipts(receiptsInbox(dataDir), own.journal, of);
  if (freed + refused > 0) own.log.info({ freed, refused }, 'receipts of a flash drive read');
}
