/** Looks overlap, and one that began earlier may be answered later: what it tells is older than what is known by then. */
export class Looks {
  #begun = 0;
  #answered = 0;

  /** Numbers a look as it begins. */
  begin(): number {
    this.#begun += 1;
    return this.#begun;
  }

  /** Whether something newer was told since it began. */
  isOld(look: number): boolean {
    return look < this.#answered;
  }

  /** Whether what it was told is the newest; from then on it is what is known. */
  isNews(look: number): boolean {
    if (this.isOld(look)) return false;
    this.#answered = look;
    return true;
  }

  /** Something was changed: what looks are told that have begun by now may be from before. */
  overtake(): void {
    this.#answered = this.begin();
  }
}
