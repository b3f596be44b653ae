#!/usr/bin/env -S node --max-semi-space-size=4
import { runCli } from './cli/cli.ts';

// What is written is of this user alone: keys, tokens, the state with the hashes of passwords.
process.umask(0o077);

/** The first signal asks for a graceful stop, a second one ends the process as it is used to. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

// Asked from the first moment on: a signal during the start is a stop, too.
const stop = stopAsked();

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stopAsked: () => stop,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
