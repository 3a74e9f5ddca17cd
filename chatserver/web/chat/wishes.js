// What the reader asked to change in messages and is not in the history yet: shown at once, taken back if refused. Pure.
//
// A wish that was delivered stays until its event comes, so that nothing flickers in between.

import {altered} from './entries.js';

export class Wishes {
  #of = new Map();

  ask(change) {
    this.#of.set(change.of, [...(this.#of.get(change.of) || []), change]);
  }

  /** The server's ok; where its event was told already it is over at once. False where it is no wish. */
  delivered(id, seq, seen) {
    for (const [of, wishes] of this.#of) {
      if (!wishes.some((wish) => wish.id === id)) continue;
      if (seq <= seen) this.forget(id);
      else
        this.#of.set(
          of,
          wishes.map((wish) => (wish.id === id ? {...wish, seq} : wish)),
        );
      return true;
    }
    return false;
  }

  /** It is done, or was refused. */
  forget(id) {
    for (const [of, wishes] of this.#of) {
      const left = wishes.filter((wish) => wish.id !== id);
      if (left.length === wishes.length) continue;
      if (left.length) this.#of.set(of, left);
      else this.#of.delete(of);
      return true;
    }
    return false;
  }

  /** What is in the history will be on its pages. */
  dropDelivered() {
    for (const wish of [...this.#of.values()].flat()) if (wish.seq) this.forget(wish.id);
  }

  /** Is a change of this message not in the history yet? */
  waiting(seq) {
    return (this.#of.get(seq) || []).some((wish) => !wish.seq);
  }

  /** The message as it will be. */
  over(entry, me) {
    return (this.#of.get(entry.seq) || []).reduce((one, wish) => altered(one, wish, me), entry);
  }
}
