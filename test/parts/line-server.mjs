/**
 * The far end of a line: what a collector and a mirror do there.
 * usage: line-server.mjs ADDRESS [CERTIFICATE KEY]
 * stdout: one JSON line {http, clock, tls} with the ports; stdin: {"package": {"seed", "bytes"}} puts
 * another package there. Ends when stdin ends.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTls } from 'node:tls';

const [address, certificate, key] = process.argv.slice(2);
const block = Buffer.alloc(64 * 1024, 'pulse');
let parcel = makePackage({ seed: 1, bytes: 1_000 });

const http = createHttp((request, response) => {
  if (request.url === '/agent/v1/throughput') stream(response);
  else if (request.url === '/package') sendPackage(request, response);
  else response.writeHead(404).end();
});
const clock = createTcp((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', () => {
    const receivedAtMs = Date.now();
    socket.write(`${JSON.stringify({ receivedAtMs, sentAtMs: Date.now() })}\n`);
  });
});
const tls = createTls(
  certificate ? { cert: readFileSync(certificate), key: readFileSync(key) } : {},
  (socket) => socket.on('error', () => socket.destroy()),
);
const servers = { http, clock, tls };
await Promise.all(
  Object.values(servers).map((each) => new Promise((resolve) => each.listen(0, address, resolve))),
);
say(Object.fromEntries(Object.entries(servers).map(([name, each]) => [name, each.address().port])));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    parcel = makePackage(JSON.parse(line).package);
    say({ sha256: parcel.sha256 });
  })
  .on('close', () => process.exit(0));

/** Random-looking bytes of a seed, so that a byte in the wrong place shows in the hash. */
function makePackage({ seed, bytes }) {
  const body = Buffer.alloc(bytes);
  let state = seed;
  for (let at = 0; at + 4 <= bytes; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    body.writeUInt32LE(state, at);
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { body, sha256, etag: `"${sha256.slice(0, 16)}"` };
}

/** RFC 9110: a part only of the same package, all of it otherwise. */
function sendPackage(request, response) {
  const { body, etag } = parcel;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
  const isPart = !Number.isNaN(from) && request.headers['if-range'] === etag;
  response.on('error', () => response.destroy());
  if (isPart && from >= body.length) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const part = isPart ? body.subarray(from) : body;
  const range = `bytes ${from}-${body.length - 1}/${body.length}`;
  response.writeHead(isPart ? 206 : 200, {
    etag,
    'content-length': part.length,
    ...(isPart ? { 'content-range': range } : {}),
  });
  response.end(part);
}

/** Bytes without end, as fast as the line takes them. */
function stream(response) {
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  const write = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', write);
  response.on('error', () => response.destroy());
  write();
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
