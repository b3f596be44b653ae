import { codeOf } from '../platform/errors.ts';

/** What may be wrong with a flash drive as a whole. */
export const stickFaults = ['full', 'readOnly', 'gone', 'notAFolder', 'failing'] as const;
export type StickFault = (typeof stickFaults)[number];

const byCode: Readonly<Record<string, StickFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'readOnly',
  EACCES: 'readOnly',
  EPERM: 'readOnly',
  ENOENT: 'gone',
  ENODEV: 'gone',
  ENXIO: 'gone',
  ENOMEDIUM: 'gone',
  ENOTCONN: 'gone',
  ESTALE: 'gone',
  // What Windows says of a drive that was pulled out.
  UNKNOWN: 'gone',
  ENOTDIR: 'notAFolder',
  ELOOP: 'notAFolder',
  EEXIST: 'notAFolder',
};

/** The fault behind a caught error of the file system. Our own mistakes are thrown on. */
export function faultOf(error: unknown): StickFault {
  const isSystem = error instanceof Error && 'code' in error && 'syscall' in error;
  if (!isSystem) throw error;
  return byCode[codeOf(error)] ?? 'failing';
}
