import { runCli } from '../../server/src/cli/cli.ts';

/** One command line of `ppe-collector` in this process: its exit code, and the lines that it printed. */
export async function runCollector(
  ...args: string[]
): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    env: {},
    stopAsked: () => new Promise(() => {}),
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out, err };
}
