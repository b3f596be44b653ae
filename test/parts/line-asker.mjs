/**
 * Asks a collector's API from inside a namespace.
 * usage: line-asker.mjs URL TOKEN
 * stdin: JSON lines {path, method?, body?}; stdout: one JSON line {status, body} for each.
 */
import { createInterface } from 'node:readline';

const [url, token] = process.argv.slice(2);
for await (const line of createInterface({ input: process.stdin })) {
  const { path, method = 'GET', body } = JSON.parse(line);
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = { status: response.status, body: await response.json() };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
