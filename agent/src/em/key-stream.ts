import { createCipheriv } from 'node:crypto';
import type { OpenKeyStream } from '@ppe-pulse/protocol';

/** AES-128-CTR of this process: an old PC makes hundreds of megabytes a second, lines carry tens. */
export const openKeyStream: OpenKeyStream = (key, counter) => {
  const cipher = createCipheriv('aes-128-ctr', key, counter);
  return (zeros) => cipher.update(zeros);
};
