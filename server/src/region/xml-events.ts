import sax from 'sax';
import { RefusedFile } from './remarks.ts';

/** What a reader of an XML part hears. Names come without their prefix. */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** Texts are decoded and parsed in pieces of this size: no copy of a large sheet is made. */
const PIECE_BYTES = 262_144;

/**
 * Reads XML without building a tree. Entities that a document defines are not expanded: naming one
 * is an error.
 */
export function readXml(bytes: Uint8Array, listener: XmlListener): void {
  const parser = sax.parser(true, { position: false });
  Object.assign(parser, {
    onopentag: ({ name, attributes }: sax.Tag) => listener.open(local(name), attributes),
    onclosetag: (name: string) => listener.close(local(name)),
    ontext: (text: string) => listener.text(text),
    oncdata: (text: string) => listener.text(text),
    onerror: () => {
      throw new RefusedFile('damagedXlsx');
    },
  });
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    parser.write(decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true }));
  parser.write(decoder.decode()).close();
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
