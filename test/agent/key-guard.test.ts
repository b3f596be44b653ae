import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../agent/src/config-error.ts';
import { openIdentity } from '../../agent/src/platform/identity.ts';
import type { KeyGuard } from '../../agent/src/platform/key-guard.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A PC of its own, as DPAPI knows one from another. */
function pcGuard(pc: number): KeyGuard {
  const mix = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ pc));
  return {
    bind: async (plain) => Buffer.concat([Buffer.from([pc]), mix(plain)]),
    open: async (bound) => {
      if (bound[0] !== pc) throw new Error('CryptUnprotectData failed (13)');
      return mix(bound.subarray(1));
    },
  };
}

describe('the key of a PC', () => {
  it('is a file that nobody else reads, the same at every start', async () => {
    const dataDir = tempDir();
    const first = await openIdentity(dataDir);
    expect(statSync(join(dataDir, 'agent.key')).mode & 0o777).toBe(0o600);
    expect((await openIdentity(dataDir)).agentId).toBe(first.agentId);
  });

  it('that is bound to its PC is not in its file, and opens there alone', async () => {
    const dataDir = tempDir();
    const guard = pcGuard(7);
    const first = await openIdentity(dataDir, { guard });
    expect(readFileSync(join(dataDir, 'agent.key'), 'utf8')).not.toContain('PRIVATE KEY');
    expect((await openIdentity(dataDir, { guard })).publicKey).toBe(first.publicKey);
    for (const strange of [pcGuard(8), undefined]) {
      const opened = openIdentity(dataDir, strange ? { guard: strange } : {});
      await expect(opened).rejects.toThrow('was made on another PC');
    }
  });

  it('that is damaged is named, and another one beside it is its own', async () => {
    const dataDir = tempDir();
    const [own, next] = [
      await openIdentity(dataDir),
      await openIdentity(dataDir, { file: 'agent.key.next' }),
    ];
    expect(next.agentId).not.toBe(own.agentId);
    for (const text of ['', 'x', 'ppe-pulse guarded key AAAA']) {
      writeFileSync(join(dataDir, 'agent.key'), text);
      await expect(openIdentity(dataDir)).rejects.toThrow(ConfigError);
    }
  });
});
