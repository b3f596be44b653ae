/**
 * Somebody on the LAN who answers in the Штаб's place with a key and a certificate of his own.
 * usage: impostor.mjs ADDRESS PORT KEY CERTIFICATE
 * stdout: JSON lines {opened}: a TLS connection came to its end of the handshake, {heard}: what was
 * said over it, {refused}: it was broken off before.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const [address, port, key, certificate] = process.argv.slice(2);
const say = (line) => console.log(JSON.stringify(line));
const server = createServer(
  { key: readFileSync(key), cert: readFileSync(certificate) },
  (socket) => {
    say({ opened: true });
    socket.on('data', (data) => say({ heard: data.toString('latin1').slice(0, 200) }));
    socket.on('error', (error) => say({ refused: error.code ?? error.message }));
  },
);
server.on('tlsClientError', (error) => say({ refused: error.code ?? error.message }));
server.listen(Number(port), address, () => say({ listening: true }));
