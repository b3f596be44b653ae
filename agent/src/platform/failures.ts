import { codeOf } from './errors.ts';

/** Why a device or a host did not tell what it was asked. All of them are reasons of verdicts. */
export type DeviceFailure =
  | 'noAnswer'
  | 'refused'
  | 'unreachable'
  | 'dnsFailed'
  | 'unauthorised'
  | 'notFound'
  | 'badAnswer'
  | 'unsupported';

const byCode: Readonly<Record<string, DeviceFailure>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENOTFOUND: 'dnsFailed',
  EAI_AGAIN: 'dnsFailed',
  ETIMEDOUT: 'noAnswer',
  ECONNRESET: 'badAnswer',
  EPIPE: 'badAnswer',
};

/** The failure that a system error stands for; a parser's complaint is `badAnswer`. */
export function failureOf(error: unknown): DeviceFailure {
  return byCode[codeOf(error)] ?? 'badAnswer';
}

/** The failure of an HTTP status, undefined for success. */
export function failureOfStatus(status: number): DeviceFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403) return 'unauthorised';
  return status === 404 ? 'notFound' : 'badAnswer';
}
