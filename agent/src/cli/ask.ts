import type { Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Ask } from './world.ts';

/**
 * Questions on `output`, answers by lines of `input`; undefined once the input has ended, which it has at
 * once where nobody sits at the PC. Between questions the input keeps no process alive.
 */
export function createAsk(input: Readable, output: Writable): Ask {
  let lines: { readonly face: Interface; readonly next: AsyncIterator<string> } | undefined;
  return async (question) => {
    output.write(question);
    if (!lines) {
      // A service asks nobody.
      const { createInterface } = await import('node:readline');
      const face = createInterface({ input });
      lines = { face, next: face[Symbol.asyncIterator]() };
    } else lines.face.resume();
    const answer = await lines.next.next();
    if (answer.done === true) {
      output.write('\n');
      return undefined;
    }
    lines.face.pause();
    // A terminal has shown what was typed; of what came by a pipe nobody would see it.
    if (!('isTTY' in input && input.isTTY === true)) output.write(`${answer.value}\n`);
    return answer.value.trim();
  };
}
