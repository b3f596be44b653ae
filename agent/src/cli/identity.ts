import { loadConfig } from '../config.ts';
import { openIdentity } from '../platform/identity.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliWorld } from './world.ts';

/** `ppe-agent identity`: the id and the public key, made on first use. For enrolment. */
export async function identityCommand(
  flags: { readonly config: string; readonly json?: boolean },
  world: CliWorld,
): Promise<number> {
  const { agentId, publicKey } = await openIdentity(loadConfig(flags.config, world.env).dataDir);
  world.out(
    flags.json === true ? JSON.stringify({ agentId, publicKey }) : `${agentId} ${publicKey}`,
  );
  return exitCodes.ok;
}
