/**
 * Asks as somebody does who is on the network and has no right there.
 * usage: knock.mjs get URL | knock.mjs post URL FILE | knock.mjs agent URL
 * Certificates are not looked at: he takes what he gets. stdout: one JSON line with what he got.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { WebSocket } from 'ws';

const [verb, url, file] = process.argv.slice(2);
const say = (line) => {
  console.log(JSON.stringify(line));
  process.exit(0);
};

if (verb === 'agent') {
  const { publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
  const id = `w-${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`;
  const socket = new WebSocket(url, 'ppe-pulse.agent.v1', { rejectUnauthorized: false });
  socket.on('open', () =>
    socket.send(
      JSON.stringify({
        type: 'hello',
        protocol: 1,
        agentId: id,
        publicKey: raw.toString('base64url'),
        bootId: randomBytes(8).toString('hex'),
        nonce: randomBytes(32).toString('base64url'),
        agentVersion: '0.1.0',
        capabilities: [],
        inventory: {
          platform: 'linux',
          arch: 'x64',
          osRelease: '6',
          cpuCores: 1,
          ramBytes: 1,
          runtime: 'x',
        },
      }),
    ),
  );
  socket.on('close', (code) => say({ code }));
  socket.on('error', (error) => say({ error: error.code ?? error.message }));
} else {
  const body = verb === 'post' ? readFileSync(file) : undefined;
  const asked = request(
    url,
    {
      method: verb.toUpperCase(),
      rejectUnauthorized: false,
      timeout: 5_000,
      headers: { 'content-type': 'application/json', 'content-length': body?.length ?? 0 },
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => say({ status: response.statusCode, text: text.slice(0, 2_000) }));
    },
  );
  asked.on('timeout', () => asked.destroy(new Error('no answer in 5 s')));
  asked.on('error', (error) => say({ error: error.code ?? error.message }));
  asked.end(body);
}
