/**
 * The payload of an rpm packed anew. rpmbuild knows no filters, and rpm reads every chain of them that
 * liblzma does: what is in the package, and every other word of its header, stays as rpmbuild made it.
 */
import { createHash } from 'node:crypto';

const LEAD_BYTES = 96;
const INTRODUCTION_BYTES = 16;
const ENTRY_BYTES = 16;
/** Tags of the header that speak of the packed payload. */
const TAG = { payloadDigest: 5092 };
/** And of the signature's, which is over header and payload. */
const SIGNATURE = { sha1: 269, sha256: 273, size: 1000, md5: 1004 };

/** The package with its payload as `pack` makes it of the unpacked one. */
export function repacked(rpm, { unpack, pack }) {
  const signature = headerAt(rpm, LEAD_BYTES);
  const begin = Math.ceil(signature.end / 8) * 8;
  const header = headerAt(rpm, begin);
  const payload = pack(unpack(rpm.subarray(header.end)));
  const bytes = Buffer.from(rpm.subarray(begin, header.end));
  put(header, bytes, -begin, [TAG.payloadDigest, hash('sha256', payload)]);
  const head = Buffer.from(rpm.subarray(0, begin));
  const all = Buffer.concat([bytes, payload]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(all.length);
  put(signature, head, 0, [SIGNATURE.size, size]);
  put(signature, head, 0, [SIGNATURE.md5, createHash('md5').update(all).digest()]);
  put(signature, head, 0, [SIGNATURE.sha1, hash('sha1', bytes)]);
  put(signature, head, 0, [SIGNATURE.sha256, hash('sha256', bytes)]);
  return Buffer.concat([head, all]);
}

/** Entries of a header by their tags: places of their values in the file. */
function headerAt(rpm, at) {
  const entries = rpm.readUInt32BE(at + 8);
  const store = at + INTRODUCTION_BYTES + entries * ENTRY_BYTES;
  const places = new Map();
  for (let entry = 0; entry < entries; entry += 1) {
    const place = at + INTRODUCTION_BYTES + entry * ENTRY_BYTES;
    places.set(rpm.readUInt32BE(place), store + rpm.readUInt32BE(place + 8));
  }
  return { places, end: store + rpm.readUInt32BE(at + 12) };
}

/** Another value of the same length, where the old one stood. */
function put({ places }, bytes, shift, [tag, value]) {
  const place = places.get(tag);
  if (place === undefined) throw new Error(`the rpm has no tag ${tag}`);
  value.copy(bytes, place + shift);
}

/** As the header writes it: hex digits. */
function hash(name, bytes) {
  return Buffer.from(createHash(name).update(bytes).digest('hex'));
}
