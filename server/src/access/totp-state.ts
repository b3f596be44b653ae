import type { AccessSettings } from './access.ts';
import type { Session } from './sessions.ts';

/** `needed`: this installation wants a second factor of an admin, and there is none. */
export type TotpState = 'off' | 'on' | 'needed';

export function totpState(
  { role, hasTotp }: Pick<Session, 'role' | 'hasTotp'>,
  { totp }: AccessSettings,
): TotpState {
  if (hasTotp) return 'on';
  return role === 'admin' && totp === 'required' ? 'needed' : 'off';
}
