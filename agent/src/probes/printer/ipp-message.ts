/**
 * The Internet Printing Protocol's binary messages (RFC 8010), as much of them as asking a printer
 * for its state needs. npm's `ipp` hangs on malformed replies; this one is bounded and fuzzed.
 */

/** A value of an attribute. Ranges, dates and collections are passed over. */
export type IppValue = number | boolean | string;

/** Attributes of one group: the printer's own, or those of one job. */
export type IppAttributes = ReadonlyMap<string, readonly IppValue[]>;

/** A reply. `status` below 0x0100 means success (RFC 8011, 4.1.7). */
export interface IppReply {
  readonly status: number;
  readonly printers: readonly IppAttributes[];
  readonly jobs: readonly IppAttributes[];
}

/** A request's operation attributes beside charset and language, in order. */
export type IppRequestAttribute =
  | { readonly name: string; readonly uri: string }
  | { readonly name: string; readonly keywords: readonly string[] }
  | { readonly name: string; readonly integer: number };

/** Operations that are asked for; none of them changes anything. */
export const ippOperations = {
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
  cupsGetPrinters: 0x4002,
} as const;

/** The reply is not IPP, or over a limit. */
export class IppError extends Error {
  constructor(what: string) {
    super(`not an IPP reply: ${what}`);
    this.name = 'IppError';
  }
}

const VERSION = 0x0200;
/** Attributes in one reply: 100 jobs of 10 attributes are 1,000. */
const MAX_VALUES = 8_000;
const MAX_GROUPS = 1_000;

const tag = {
  operation: 0x01,
  job: 0x02,
  end: 0x03,
  printer: 0x04,
  integer: 0x21,
  boolean: 0x22,
  enumeration: 0x23,
  beginCollection: 0x34,
  endCollection: 0x37,
  memberName: 0x4a,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
} as const;

/** A request of one operation. */
export function encodeIpp(
  operation: number,
  requestId: number,
  attributes: readonly IppRequestAttribute[],
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt16BE(VERSION, 0);
  head.writeUInt16BE(operation, 2);
  head.writeUInt32BE(requestId, 4);
  head.writeUInt8(tag.operation, 8);
  const parts = [
    head,
    textField(tag.charset, 'attributes-charset', 'utf-8'),
    textField(tag.language, 'attributes-natural-language', 'en'),
  ];
  for (const attribute of attributes) {
    if ('uri' in attribute) parts.push(textField(tag.uri, attribute.name, attribute.uri));
    else if ('integer' in attribute) parts.push(integerField(attribute.name, attribute.integer));
    else {
      for (const [at, keyword] of attribute.keywords.entries()) {
        // Further values of one attribute have no name.
        parts.push(textField(tag.keyword, at === 0 ? attribute.name : '', keyword));
      }
    }
  }
  parts.push(Buffer.from([tag.end]));
  return Buffer.concat(parts);
}

/** Reads a reply. Throws an `IppError` for anything else. */
export function decodeIpp(bytes: Buffer): IppReply {
  const reader = new IppReader(bytes);
  const major = reader.byte();
  if (major < 1 || major > 2) throw new IppError(`version ${major}`);
  reader.byte();
  const status = reader.uint16();
  reader.skip(4);
  const printers: IppAttributes[] = [];
  const jobs: IppAttributes[] = [];
  let group: Map<string, IppValue[]> = new Map();
  for (let groups = 0; groups < MAX_GROUPS;) {
    const delimiter = reader.byte();
    if (delimiter === tag.end) return { status, printers, jobs };
    if (delimiter < 0x10) {
      groups += 1;
      group = new Map();
      if (delimiter === tag.printer) printers.push(group);
      if (delimiter === tag.job) jobs.push(group);
    } else reader.value(delimiter, group);
  }
  throw new IppError(`more than ${MAX_GROUPS} groups`);
}

class IppReader {
  readonly #bytes: Buffer;
  #at = 0;
  #values = 0;
  #depth = 0;
  #name = '';

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes.readUInt8(this.skip(1));
  }

  uint16(): number {
    this.#need(2);
    return this.#bytes.readUInt16BE(this.skip(2));
  }

  /** Moves on and answers where it was. */
  skip(length: number): number {
    this.#need(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }

  /** One value of the attribute that was named last, into its group. */
  value(kind: number, group: Map<string, IppValue[]>): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw new IppError(`more than ${MAX_VALUES} values`);
    const nameLength = this.uint16();
    const nameAt = this.skip(nameLength);
    const length = this.uint16();
    const at = this.skip(length);
    if (kind === tag.endCollection) {
      this.#depth = Math.max(0, this.#depth - 1);
      return;
    }
    if (nameLength > 0 && this.#depth === 0)
      this.#name = this.#bytes.toString('utf8', nameAt, nameAt + nameLength);
    if (kind === tag.beginCollection) this.#depth += 1;
    if (this.#depth > 0) return;
    const value = this.#read(kind, at, length);
    if (value === undefined) return;
    const values = group.get(this.#name);
    if (values) values.push(value);
    else group.set(this.#name, [value]);
  }

  #read(kind: number, at: number, length: number): IppValue | undefined {
    if (kind === tag.integer || kind === tag.enumeration) {
      return length === 4 ? this.#bytes.readInt32BE(at) : undefined;
    }
    if (kind === tag.boolean) return length === 1 ? this.#bytes.readUInt8(at) === 1 : undefined;
    // Octet strings and everything textual; «no value» and «unknown» have tags of their own.
    const isText = kind === 0x30 || (kind >= 0x40 && kind <= 0x49);
    return isText ? this.#bytes.toString('utf8', at, at + length) : undefined;
  }

  #need(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new IppError('it ends in the middle');
  }
}

function textField(kind: number, name: string, text: string): Buffer {
  return field(kind, name, Buffer.from(text, 'utf8'));
}

function integerField(name: string, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return field(tag.integer, name, bytes);
}

function field(kind: number, name: string, value: Buffer): Buffer {
  const nameBytes = Buffer.from(name, 'utf8');
  const head = Buffer.alloc(3);
  head.writeUInt8(kind, 0);
  head.writeUInt16BE(nameBytes.length, 1);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([head, nameBytes, length, value]);
}
