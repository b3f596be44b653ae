/**
 * The far end of a quiet room's line: everything that its agent may or may not talk to.
 * usage: quiet-room.mjs PRINTER_ADDRESS TCP_ADDRESS:PORT…
 * The printer answers IPP at port 631 and swallows SNMP; the rest accepts connections and is silent.
 * stdout: one JSON line `{"ready": true}`
 */
import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

const [printer, ...silent] = process.argv.slice(2);

const printerServer = createHttp((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/ipp' });
    response.end(idle(Buffer.concat(chunks).readUInt32BE(4)));
  });
});
const listening = [
  new Promise((resolve) => printerServer.listen(631, printer, resolve)),
  new Promise((resolve) => createSocket('udp4').bind(161, printer, resolve)),
  ...silent.map((target) => {
    const [host, port] = target.split(':');
    const server = createServer((socket) => socket.on('error', () => undefined));
    return new Promise((resolve) => server.listen(Number(port), host, resolve));
  }),
];
await Promise.all(listening);
process.stdout.write('{"ready":true}\n');

/** Answers any question: the printer is idle and lacks nothing. */
function idle(requestId) {
  const head = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(requestId, 4);
  const state = Buffer.alloc(4);
  state.writeUInt32BE(3);
  return Buffer.concat([
    head,
    Buffer.from([0x01]),
    attribute(0x47, 'attributes-charset', 'utf-8'),
    attribute(0x48, 'attributes-natural-language', 'en'),
    Buffer.from([0x04]),
    attribute(0x23, 'printer-state', state),
    attribute(0x44, 'printer-state-reasons', 'none'),
    attribute(0x22, 'printer-is-accepting-jobs', Buffer.from([1])),
    Buffer.from([0x03]),
  ]);
}

function attribute(tag, name, value) {
  const bytes = Buffer.from(value);
  const sizes = [Buffer.alloc(2), Buffer.alloc(2)];
  sizes[0].writeUInt16BE(name.length);
  sizes[1].writeUInt16BE(bytes.length);
  return Buffer.concat([Buffer.from([tag]), sizes[0], Buffer.from(name), sizes[1], bytes]);
}
