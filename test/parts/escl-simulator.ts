import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { scanimage, testScanner } from './sane.ts';

/** What the scanner does with a question. */
export type EsclConduct =
  /** As the standard says. */
  | 'answers'
  /** Takes the question and says nothing. */
  | 'mute'
  /** 200 kB in one go. */
  | 'huge'
  /** Bytes without end, as fast as they are taken. */
  | 'endless'
  /** A byte a 50 ms, for ever. */
  | 'drips'
  /** Says `content-length: 2 GB` and sends what is taken of it. */
  | 'gigabytes'
  /** Half a document. */
  | 'malformed'
  /** The door to the network closes in the middle of the answer. */
  | 'cut'
  /** Not HTTP at all. */
  | 'gibberish'
  | { readonly status: number };

/** An eSCL scanner over HTTP, with what a person would do to it. */
export interface EsclSimulator {
  /** `http://127.0.0.1:…/eSCL`. */
  readonly url: string;
  readonly port: number;
  /** `pwg:State`. */
  state: string;
  /** `scan:AdfState`, undefined for a scanner without a feeder. */
  feeder: string | undefined;
  conduct: EsclConduct;
  /** Before each answer. */
  delayMs: number;
  readonly requests: readonly string[];
  /** Sockets that were opened to it, ever. */
  readonly connections: number;
  /** Bytes that it could write of endless answers before it was cut off. */
  readonly wastedBytes: number;
  /** Adds a job that nobody asked for. */
  addJob(state: string, imagesCompleted: number): void;
  close(): Promise<void>;
}

interface Job {
  readonly id: string;
  state: string;
  imagesCompleted: number;
}

const NAMESPACES =
  'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const XML = { 'content-type': 'text/xml; charset=utf-8' };
const CHUNK = Buffer.alloc(64 * 1024, '<scan:Filler>');

/**
 * Starts a scanner on a port of its own; it ends with the test. Documents follow Mopria eSCL 2.97, its
 * pictures are made by the real `scanimage -d test`, and the real client, sane-airscan, accepts it.
 */
export async function startEsclSimulator(): Promise<EsclSimulator> {
  const simulator = new Simulator();
  await simulator.listen();
  onTestFinished(() => simulator.close());
  return simulator;
}

class Simulator implements EsclSimulator {
  state = 'Idle';
  feeder: string | undefined = 'ScannerAdfEmpty';
  conduct: EsclConduct = 'answers';
  delayMs = 0;
  connections = 0;
  wastedBytes = 0;
  readonly requests: string[] = [];
  readonly #jobs = new Map<string, Job>();
  readonly #pictures = testScanner({ 'test-picture': 'Color pattern' });
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #timers = new Set<NodeJS.Timeout>();

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/eSCL`;
  }

  async listen(): Promise<void> {
    this.#server.on('connection', () => (this.connections += 1));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  addJob(state: string, imagesCompleted: number): void {
    const id = `job-${this.#jobs.size + 1}`;
    this.#jobs.set(id, { id, state, imagesCompleted });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // sane-airscan asks for `/eSCL//…` when the address ends in a slash.
    const path = (request.url ?? '').replaceAll(/\/+/g, '/');
    this.requests.push(`${request.method} ${path}`);
    const body = await textOf(request);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.conduct === 'answers') await this.#answer(request, path, body, response);
    else if (typeof this.conduct === 'object') response.writeHead(this.conduct.status).end();
    else this.#misbehave(this.conduct, response);
  }

  #misbehave(conduct: Exclude<EsclConduct, 'answers' | object>, response: ServerResponse): void {
    switch (conduct) {
      case 'mute':
        return;
      case 'huge':
        response.writeHead(200, XML).end(CHUNK.toString().repeat(4).slice(0, 200_000));
        return;
      case 'endless':
        response.writeHead(200, XML);
        this.#pour(response);
        return;
      case 'gigabytes':
        response.writeHead(200, { ...XML, 'content-length': 2 * 1024 ** 3 });
        this.#pour(response);
        return;
      case 'drips': {
        response.writeHead(200, XML);
        const timer = setInterval(() => response.write('<'), 50);
        this.#timers.add(timer);
        return;
      }
      case 'malformed':
        response.writeHead(200, XML).end(this.#status().slice(0, -20));
        return;
      case 'cut':
        response.writeHead(200, { ...XML, 'content-length': 2_000 });
        response.write(this.#status(), () => response.socket?.destroy());
        return;
      case 'gibberish':
        response.socket?.end('scanner ready\r\n\r\n');
    }
  }

  /** Writes for as long as somebody takes it. */
  #pour(response: ServerResponse): void {
    const more = (): void => {
      if (response.destroyed) return;
      this.wastedBytes += CHUNK.length;
      if (response.write(CHUNK)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  }

  async #answer(
    request: IncomingMessage,
    path: string,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    const question = `${request.method} ${path}`;
    const job = this.#jobs.get(/^\/eSCL\/ScanJobs\/([\w-]+)/.exec(path)?.[1] ?? '');
    if (question === 'GET /eSCL/ScannerCapabilities')
      response.writeHead(200, XML).end(capabilities());
    else if (question === 'GET /eSCL/ScannerStatus')
      response.writeHead(200, XML).end(this.#status());
    else if (question === 'POST /eSCL/ScanJobs') this.#begin(request, body, response);
    else if (job && request.method === 'DELETE') {
      this.#jobs.delete(job.id);
      response.end();
    } else if (job && path.endsWith('/NextDocument')) await this.#page(job, response);
    else response.writeHead(404).end();
  }

  /** A scanner that is busy says 503, one without paper in the feeder 409 (eSCL 2.97). */
  #begin(request: IncomingMessage, body: string, response: ServerResponse): void {
    const isFromFeeder = /<\w+:InputSource>\s*Feeder/.test(body);
    if (this.state !== 'Idle') response.writeHead(503).end();
    else if (isFromFeeder && this.feeder !== 'ScannerAdfLoaded') response.writeHead(409).end();
    else {
      this.addJob('Processing', 0);
      const id = [...this.#jobs.keys()].at(-1) ?? '';
      const location = `http://${request.headers.host}/eSCL/ScanJobs/${id}`;
      response.writeHead(201, { location }).end();
    }
  }

  async #page(job: Job, response: ServerResponse): Promise<void> {
    if (job.imagesCompleted > 0) {
      response.writeHead(404).end();
      return;
    }
    const options = ['-d', 'test:0', '--mode', 'Color', '--resolution', '75', '--format=jpeg'];
    const { output } = await scanimage(this.#pictures, ...options, '-x', '200', '-y', '200');
    job.imagesCompleted = 1;
    job.state = 'Completed';
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(output);
  }

  #status(): string {
    const jobs = [...this.#jobs.values()].map(
      (job) =>
        `<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/${job.id}</pwg:JobUri><pwg:JobUuid>${job.id}</pwg:JobUuid><scan:Age>1</scan:Age><pwg:ImagesCompleted>${job.imagesCompleted}</pwg:ImagesCompleted><pwg:JobState>${job.state}</pwg:JobState></scan:JobInfo>`,
    );
    const feeder = this.feeder === undefined ? '' : `<scan:AdfState>${this.feeder}</scan:AdfState>`;
    return `${HEAD}<scan:ScannerStatus ${NAMESPACES}><pwg:Version>2.6</pwg:Version><pwg:State>${this.state}</pwg:State>${feeder}<scan:Jobs>${jobs.join('')}</scan:Jobs></scan:ScannerStatus>`;
  }
}

function capabilities(): string {
  return `${HEAD}<scan:ScannerCapabilities ${NAMESPACES}><pwg:Version>2.6</pwg:Version><pwg:MakeAndModel>Probe &amp; Sim 1</pwg:MakeAndModel><pwg:SerialNumber>SN1</pwg:SerialNumber><scan:UUID>00000000-0000-1000-8000-00000000abcd</scan:UUID>
<scan:Platen>${inputCaps('PlatenInputCaps')}</scan:Platen>
<scan:Adf>${inputCaps('AdfSimplexInputCaps')}<scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf></scan:ScannerCapabilities>`;
}

/** A4 at 300 dpi in 1/300 inch. */
function inputCaps(name: string): string {
  const resolutions = [75, 300].map(
    (dpi) =>
      `<scan:DiscreteResolution><scan:XResolution>${dpi}</scan:XResolution><scan:YResolution>${dpi}</scan:YResolution></scan:DiscreteResolution>`,
  );
  return `<scan:${name}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>3507</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats><scan:SupportedResolutions><scan:DiscreteResolutions>${resolutions.join('')}</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles></scan:${name}>`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
