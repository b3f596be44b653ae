import { Webhook } from 'standardwebhooks';

/** A secret in the notation of Standard Webhooks: this, then base64. Others are taken as text. */
const PREFIX = 'whsec_';

/** Headers that prove who sent a message, and when. Throws for a secret that is none. */
export function signatureHeaders(
  secret: string,
  message: { readonly id: string; readonly atMs: number; readonly body: string },
): Readonly<Record<string, string>> {
  const at = new Date(message.atMs);
  return {
    'webhook-timestamp': String(Math.floor(message.atMs / 1_000)),
    'webhook-signature': signer(secret).sign(message.id, at, message.body),
  };
}

function signer(secret: string): Webhook {
  if (secret.startsWith(PREFIX)) return new Webhook(secret);
  return new Webhook(new TextEncoder().encode(secret), { format: 'raw' });
}
