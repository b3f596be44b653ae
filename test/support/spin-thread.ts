import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NativeLibraries } from '../../agent/src/child/native-libraries.ts';

/** Of <sys/ptrace.h> and <sys/wait.h>. */
const PTRACE = { getRegisters: 12, setRegisters: 13, attach: 16, detach: 17 } as const;
const WAIT_ALL = 0x4000_0000;
/** `struct user_regs_struct` of x86-64: 27 words, among them the number of a call to be made again. */
const REGISTERS = { bytes: 216, callAgain: 15 * 8, next: 16 * 8 } as const;
/** `jmp` to itself. */
const FOR_EVER = Buffer.from([0xeb, 0xfe]);

/**
 * Lets the first thread of a process, that of its event loop, run in an endless loop for good: as a
 * mistake of its own would, without a debugger of Node's that would have to be open for it.
 */
export async function spinThread(pid: number): Promise<void> {
  const libc = await new NativeLibraries().bind('libc.so.6', {
    trace: 'int64 ptrace(int64 request, int64 pid, int64 address, void *data)',
    wait: 'int waitpid(int pid, void *status, int options)',
  });
  const loop = loopIn(pid);
  const trace = (request: number, data: Buffer | null): void => {
    if (Number(libc.trace(request, pid, 0, data)) !== 0)
      throw new Error(`ptrace ${request} of ${pid} failed`);
  };
  trace(PTRACE.attach, null);
  libc.wait(pid, null, WAIT_ALL);
  const registers = Buffer.alloc(REGISTERS.bytes);
  trace(PTRACE.getRegisters, registers);
  registers.writeBigUInt64LE(loop, REGISTERS.next);
  // It waits in the kernel mostly: that wait is over now, and not begun anew.
  registers.writeBigInt64LE(-1n, REGISTERS.callAgain);
  trace(PTRACE.setRegisters, registers);
  trace(PTRACE.detach, null);
}

/** Processes count themselves in their own system: which of this machine's one there is. */
export function pidHere(pidThere: number, first: number): number {
  const system = readlinkSync(`/proc/${first}/ns/pid`);
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const counts = /^NSpid:\s+(.*)$/m.exec(readFileSync(join('/proc', name, 'status'), 'utf8'));
      const isThere = Number(counts?.[1]?.split('\t').at(-1)) === pidThere;
      if (isThere && readlinkSync(`/proc/${name}/ns/pid`) === system) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`there is no process ${pidThere} in that system`);
}

/** Where in the memory of the process the two bytes lie: in code of so many megabytes they do. */
function loopIn(pid: number): bigint {
  const maps = readFileSync(join('/proc', String(pid), 'maps'), 'utf8');
  const program = readFileSync(join('/proc', String(pid), 'exe'));
  const code = /^([0-9a-f]+)-([0-9a-f]+) r-xp ([0-9a-f]+) \S+ \d+ +\/\S*node$/gm;
  for (const [, from = '', to = '', offset = ''] of maps.matchAll(code)) {
    const [start, end, skipped] = [from, to, offset].map((each) => BigInt(`0x${each}`));
    if (start === undefined || end === undefined || skipped === undefined) continue;
    const found = program.indexOf(FOR_EVER, Number(skipped));
    if (found >= 0 && BigInt(found) < skipped + end - start) return start + BigInt(found) - skipped;
  }
  throw new Error(`there is no such loop in the code of ${pid}`);
}
