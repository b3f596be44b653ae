import { encode } from '@ppe-pulse/protocol';
import { loadConfig } from '../config.ts';
import { createLog } from '../platform/log.ts';
import { exitCodes } from './exit-codes.ts';
import { measureOnce } from './measure-once.ts';
import type { CliWorld } from './world.ts';

/** `ppe-agent inspect`: exactly the frame that would be sent, and how many fields it has. */
export async function inspectCommand(
  flags: { readonly config: string; readonly json?: boolean },
  world: CliWorld,
): Promise<number> {
  const config = loadConfig(flags.config, world.env);
  const { heartbeat } = await measureOnce(config, createLog('silent'));
  const frame: unknown = JSON.parse(encode(heartbeat));
  const answer = { heartbeat: frame, fields: countFields(frame) };
  world.out(flags.json === true ? JSON.stringify(answer) : JSON.stringify(answer, null, 2));
  return exitCodes.ok;
}

/** Leaves of a value: numbers, texts, flags. */
function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + countFields(each), 0);
}
