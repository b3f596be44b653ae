#!/usr/bin/env node
/**
 * Updates of the agent, made and signed. Plain Node, no packages, one file: the machine that holds a key
 * has no network, and `sign` is all that is run there. See docs/updates.md.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
} from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';

const USAGE = `node deploy/update.mjs
  keys KEY-FILE                          a new key; its public half beside it, as KEY-FILE.pub.json
  root --out FILE [--threshold 2] [--number 1] PUB-FILE…
                                         whose updates are believed: update-root.json
  make --out FILE [--from DIR] [--runtime '>=24'] [--days 120] [--root-version 1] [--next-root FILE]
                                         an unsigned bundle of a built agent
  sign BUNDLE KEY-FILE                   adds one signature
  show BUNDLE                            what it is, and who signed it`;
const DAY_MS = 86_400_000;
/** DER of an Ed25519 public key before its 32 bytes (RFC 8410). */
const SPKI_PREFIX_BYTES = 12;

const options = {
  out: { type: 'string' },
  from: { type: 'string', default: join('agent', 'dist', 'shipped') },
  runtime: { type: 'string', default: '>=24' },
  days: { type: 'string', default: '120' },
  threshold: { type: 'string', default: '2' },
  number: { type: 'string', default: '1' },
  'root-version': { type: 'string', default: '1' },
  'next-root': { type: 'string' },
};

function keys([path = '']) {
  if (path === '') usage();
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  const half = publicHalf(privateKey);
  writeFileSync(`${path}.pub.json`, `${JSON.stringify(half)}\n`, { flag: 'wx' });
  console.log(`${half.id}: keep ${path} off line, give ${path}.pub.json to who makes the root`);
}

function root(files, { out = usage(), threshold, number }) {
  const made = {
    version: Number(number),
    threshold: Number(threshold),
    keys: files.map((file) => JSON.parse(readFileSync(file, 'utf8'))),
  };
  if (made.threshold < 2 || made.keys.length < made.threshold)
    fail(`${made.keys.length} keys for a threshold of ${made.threshold}: two are the least`);
  writeFileSync(out, `${JSON.stringify(made)}\n`);
}

function make(_, given) {
  const { out = usage(), from } = given;
  const agent = readFileSync(join(from, 'agent.mjs'));
  const { product, version } = JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8'));
  const packed = brotliCompressSync(agent, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: agent.length,
    },
  });
  const nowMs = Date.now();
  const next = given['next-root'];
  const manifest = {
    format: 'ppe-pulse.update.v1',
    product,
    version,
    runtime: given.runtime,
    sha256: sha256(agent),
    size: agent.length,
    packedSha256: sha256(packed),
    packedSize: packed.length,
    createdAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + Number(given.days) * DAY_MS).toISOString(),
    rootVersion: Number(given['root-version']),
    ...(next !== undefined && { nextRoot: JSON.parse(readFileSync(next, 'utf8')) }),
  };
  write(out, { line: JSON.stringify(manifest), signatures: [], packed });
  console.log(`${out}: ${version}, ${packed.length} bytes, not signed yet`);
}

function sign([path = '', keyFile = '']) {
  if (keyFile === '') usage();
  const bundle = read(path);
  const manifest = JSON.parse(bundle.line);
  // Who signs vouches for the bytes: a bundle that was changed on its way is not signed.
  if (sha256(bundle.packed) !== manifest.packedSha256) fail(`${path} is damaged: copy it again`);
  const privateKey = createPrivateKey(readFileSync(keyFile));
  const { id } = publicHalf(privateKey);
  const signature = signBytes(null, Buffer.from(bundle.line), privateKey).toString('base64url');
  const others = bundle.signatures.filter(({ keyId }) => keyId !== id);
  write(path, { ...bundle, signatures: [...others, { keyId: id, signature }] });
  console.log(`${path}: ${manifest.version} signed by ${id}, ${others.length + 1} in all`);
}

function show([path = '']) {
  if (path === '') usage();
  const { line, signatures } = read(path);
  console.log(JSON.stringify(JSON.parse(line), null, 2));
  console.log(signatures.map(({ keyId }) => `signed by ${keyId}`).join('\n') || 'not signed');
}

function read(path) {
  const file = readFileSync(path);
  const end = file.indexOf(10);
  const signaturesEnd = file.indexOf(10, end + 1);
  if (end < 0 || signaturesEnd < 0) fail(`${path} is no update bundle`);
  return {
    line: file.toString('latin1', 0, end),
    signatures: JSON.parse(file.toString('latin1', end + 1, signaturesEnd)),
    packed: file.subarray(signaturesEnd + 1),
  };
}

function write(path, { line, signatures, packed }) {
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`${line}\n${JSON.stringify(signatures)}\n`), packed]),
  );
}

function publicHalf(privateKey) {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const raw = spki.subarray(SPKI_PREFIX_BYTES);
  return { id: `k-${sha256(raw).slice(0, 16)}`, publicKey: raw.toString('base64url') };
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function usage() {
  console.error(USAGE);
  process.exit(64);
}

const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [verb, ...rest] = positionals;
const verbs = { keys, root, make, sign, show };
if (verb === undefined || !Object.hasOwn(verbs, verb)) usage();
verbs[verb](rest, values);
