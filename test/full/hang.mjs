/**
 * Hangs a Node process as a mistake in it would: an endless loop in its own thread, put there through its
 * debugger. Runs in the network namespace of the process; WebSocket by hand, without packages.
 * usage: hang.mjs PORT
 */
import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { connect } from 'node:net';

const port = Number(process.argv[2]);

const targets = await new Promise((resolve, reject) => {
  get({ host: '127.0.0.1', port, path: '/json/list' }, (response) => {
    let text = '';
    response.on('data', (part) => (text += part));
    response.on('end', () => resolve(JSON.parse(text)));
  }).on('error', reject);
});
const { pathname } = new URL(targets[0].webSocketDebuggerUrl);
const socket = connect({ host: '127.0.0.1', port });
socket.on('error', () => process.exit(1));
socket.write(
  [
    `GET ${pathname} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    '',
    '',
  ].join('\r\n'),
);
socket.once('data', (answer) => {
  if (!String(answer).startsWith('HTTP/1.1 101')) process.exit(1);
  const params = { expression: 'setTimeout(() => { for (;;); }, 0); "hangs"' };
  socket.write(frameOf(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params })));
  socket.once('data', (said) => {
    console.log(String(said).includes('hangs') ? 'hangs' : String(said));
    process.exit(0);
  });
});

/** A masked text frame of fewer than 126 bytes, as a client sends it. */
function frameOf(text) {
  const bytes = Buffer.from(text);
  if (bytes.length > 125) throw new Error('a longer frame than this can write');
  const mask = randomBytes(4);
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | bytes.length]),
    mask,
    bytes.map((byte, at) => byte ^ mask[at % 4]),
  ]);
}
