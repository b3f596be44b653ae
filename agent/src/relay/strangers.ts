/** How many sockets may be open whose peers have not shown who they are. */
export interface StrangerBounds {
  readonly inAll: number;
  readonly perAddress: number;
}

/** Bounds what strangers on the LAN can take of this PC's memory. */
export class Strangers {
  readonly #bounds: StrangerBounds;
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  constructor(bounds: StrangerBounds) {
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a place and answers the way to leave it, once or more; undefined when there is none. */
  admit(address: string): (() => void) | undefined {
    const ofAddress = this.#byAddress.get(address) ?? 0;
    if (this.#count >= this.#bounds.inAll || ofAddress >= this.#bounds.perAddress) return undefined;
    this.#byAddress.set(address, ofAddress + 1);
    this.#count += 1;
    let isHere = true;
    return () => {
      if (isHere) this.#leave(address);
      isHere = false;
    };
  }

  #leave(address: string): void {
    this.#count -= 1;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
