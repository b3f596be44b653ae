import type { Principal } from '../access/principal.ts';
import type { Scope } from '../access/scope.ts';
import type { TextSocket } from '../sockets.ts';

/** Whose sites each board may see: known from its upgrade on, before it says a word. */
export class BoardScopes {
  readonly #scopeOf: (principal: Principal) => Scope;
  readonly #scopes = new WeakMap<TextSocket, Scope>();

  constructor(scopeOf: (principal: Principal) => Scope) {
    this.#scopeOf = scopeOf;
  }

  admit(socket: TextSocket, principal: Principal): void {
    this.#scopes.set(socket, this.#scopeOf(principal));
  }

  /** Undefined for a socket that nobody admitted: it is shown nothing. */
  of(socket: TextSocket): Scope | undefined {
    return this.#scopes.get(socket);
  }
}
