import type { CDPSession } from 'playwright-core';

/** What a page's heap holds by whose it is, bytes. */
export interface HeapKinds {
  /** Functions, compiled and made faster by V8 as they are called: it stops when all that is hot is. */
  readonly code: number;
  /** Objects, lists, strings and closures: what a page that forgets nothing heaps up. */
  readonly own: number;
  /** What the browser holds for it: styles, boxes. */
  readonly browser: number;
}

/** V8's snapshot, as far as it is read: nodes lie one after the other, each so many numbers. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
}

/** Takes a snapshot of the heap, which collects garbage first and stops the page for a second. */
export async function heapKinds(cdp: CDPSession): Promise<HeapKinds> {
  const chunks: string[] = [];
  const take = ({ chunk }: { readonly chunk: string }): void => void chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', take);
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  cdp.off('HeapProfiler.addHeapSnapshotChunk', take);
  // V8 writes it; a snapshot of another shape gives NaN, which the figures show.
  return kindsOf(JSON.parse(chunks.join('')) as Snapshot);
}

function kindsOf({ snapshot, nodes }: Snapshot): HeapKinds {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, sizeAt] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const kinds = { code: 0, own: 0, browser: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    const type = types[0][nodes[at + typeAt] ?? -1];
    const kind = type === 'code' ? 'code' : type === 'native' ? 'browser' : 'own';
    kinds[kind] += nodes[at + sizeAt] ?? Number.NaN;
  }
  return kinds;
}
