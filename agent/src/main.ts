#!/usr/bin/env node
import { createAsk } from './cli/ask.ts';
import { runCli } from './cli/cli.ts';

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
  ask: createAsk(process.stdin, process.stdout),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
