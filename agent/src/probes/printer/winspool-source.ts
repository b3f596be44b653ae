import type { ProbeHost } from '../../child/probe-host.ts';
import type { SourceLook } from './sighting.ts';
import { winspoolSighting } from './winspool-status.ts';

/** OpenPrinter to a dead print server blocks: the child is killed then. */
const DEADLINE_MS = 5_000;

/** Looks at a queue of the Windows spooler through the probe child. */
export class WinspoolSource {
  readonly #printer: string;
  readonly #host: ProbeHost;

  constructor(printer: string, host: ProbeHost) {
    this.#printer = printer;
    this.#host = host;
  }

  async look(): Promise<SourceLook> {
    if (process.platform !== 'win32')
      return { kind: 'failed', source: 'winspool', reason: 'notSupported' };
    // A child that hangs is the probe's failure and rejects: quarantine must be told from silence.
    const reading = await this.#host.run('winspool', this.#printer, DEADLINE_MS);
    if (!reading) return { kind: 'failed', source: 'winspool', reason: 'notFound' };
    if (reading === 'spoolerDown')
      return { kind: 'seen', sighting: { source: 'winspool', conditions: ['spoolerDown'] } };
    return { kind: 'seen', sighting: winspoolSighting(reading) };
  }
}
