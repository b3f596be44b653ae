import { join } from 'node:path';
import { limits, type HqIncident, type HqIncidents, type Incidents } from '@ppe-pulse/protocol';
import { createIncidentsReader } from '@ppe-pulse/protocol/codec';
import { codeOf } from '../platform/errors.ts';
import { readText, writeWhole } from '../platform/files.ts';
import type { Log } from '../platform/log.ts';

/** What was said longer ago than this is of another day: a restart begins without it. */
const FORGOTTEN_AFTER_MS = 12 * 3_600_000;

/** What the memory works with. */
export interface HeardIncidentsParts {
  readonly dataDir: string;
  readonly log: Log;
  /** Collector's time by the relay's best knowledge. */
  readonly nowMs: () => number;
}

/**
 * What the collector last said to be wrong at this ППЭ, for the page and for nothing else. It is on
 * this disk, too: a power cut takes the line and the PC at once, and who took what is still worth
 * knowing then.
 */
export class HeardIncidents {
  readonly #parts: HeardIncidentsParts;
  readonly #read = createIncidentsReader();
  #shown: HqIncidents = { atMs: null, isCurrent: false, total: 0, items: [] };
  #isChanged = false;

  constructor(parts: HeardIncidentsParts) {
    this.#parts = parts;
    const kept = this.#kept();
    if (kept) this.#shown = kept;
  }

  /** For the page. */
  get shown(): HqIncidents {
    return this.#shown;
  }

  take({ atMs, total, items }: Incidents): void {
    const { dataDir, log } = this.#parts;
    const read = this.#read(items);
    const unread = items.length - read.length;
    if (unread > 0) log.warn({ unread }, 'incidents of a newer collector cannot be shown here');
    this.#show({ atMs, isCurrent: true, total: Math.max(total, items.length), items: read });
    try {
      writeWhole(fileOf(dataDir), `${JSON.stringify({ atMs, total, items: read })}\n`);
    } catch (error) {
      log.error({ error: codeOf(error) }, 'the incidents of this ППЭ cannot be kept');
    }
  }

  /** The line is gone: what changes now is not heard. */
  lost(): void {
    if (this.#shown.isCurrent) this.#show({ ...this.#shown, isCurrent: false });
  }

  /** True once after each change. */
  takeChanged(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  #show(next: HqIncidents): void {
    this.#shown = next;
    this.#isChanged = true;
  }

  /** Undefined when there is none, it is too old, or the disk altered it. */
  #kept(): HqIncidents | undefined {
    const text = readText(fileOf(this.#parts.dataDir));
    const kept = text === undefined ? undefined : keptOf(text);
    if (!kept || this.#parts.nowMs() - kept.atMs > FORGOTTEN_AFTER_MS) return undefined;
    const items: HqIncident[] = this.#read(kept.items.slice(0, limits.hqIncidents));
    const total = Math.max(kept.total, items.length);
    return { atMs: kept.atMs, isCurrent: false, total, items };
  }
}

const fileOf = (dataDir: string): string => join(dataDir, 'incidents.json');

function keptOf(text: string): Omit<Incidents, 'type'> | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Incidents, unknown>> | null;
    const { atMs, total, items } = value ?? {};
    const isKept =
      typeof atMs === 'number' && Number.isSafeInteger(total) && Array.isArray(items) && atMs >= 0;
    return isKept ? { atMs, total: Number(total), items } : undefined;
  } catch {
    // A damaged memory is no memory: the collector says it all again.
    return undefined;
  }
}
