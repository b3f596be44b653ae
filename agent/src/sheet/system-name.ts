import { release, version } from 'node:os';
import { readText } from '../platform/files.ts';

/** Name and version of the system, as the sheet prints it: `Astra Linux 1.8`, `Windows 11 Pro 10.0.22631`. */
export function systemName(): string {
  if (process.platform === 'win32') return `${version()} ${release()}`;
  return prettyName(readText('/etc/os-release') ?? '') ?? `${process.platform} ${release()}`;
}

/** `PRETTY_NAME` of os-release(5); undefined without one. */
export function prettyName(osRelease: string): string | undefined {
  return /^PRETTY_NAME=(?:"([^"\n]+)"|'([^'\n]+)'|(\S+))$/m.exec(osRelease)?.slice(1).find(Boolean);
}
