/** Sets that grow together; the leader of a set is its least member. */
export class Leaders {
  readonly #leaders: Int32Array;

  constructor(size: number) {
    this.#leaders = Int32Array.from({ length: size }, (_, at) => at);
  }

  of(at: number): number {
    let leader = at;
    for (
      let next = this.#leaders[leader] ?? leader;
      next !== leader;
      next = this.#leaders[leader] ?? leader
    ) {
      this.#leaders[leader] = this.#leaders[next] ?? next;
      leader = next;
    }
    return leader;
  }

  join(one: number, other: number): number {
    const [least, most] = [this.of(one), this.of(other)].sort((a, b) => a - b);
    this.#leaders[most ?? one] = least ?? one;
    return least ?? one;
  }
}
