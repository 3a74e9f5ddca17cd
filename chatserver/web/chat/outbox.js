// Changes that the server has not answered yet: what goes out when, and in which order. Pure: the clock is an argument.
//
// A change keeps its id and its place until it is answered, so that sending all again after a reconnect gives the same
// events in the same order. Where the server asks to slow down, the changes that it turned away wait, and then go one at
// a time until nothing is left.

const WINDOW = 64;

export class Outbox {
  #changes = new Map();
  #sent = new Set();
  #notBefore = 0;
  #slow = false;

  get size() {
    return this.#changes.size;
  }

  /** Queue it last. */
  add(change) {
    this.#changes.set(change.id, change);
  }

  /** What is to be sent now, in order; on its way from then on. */
  take(now) {
    const free = (this.#slow ? 1 : WINDOW) - this.#sent.size;
    if (free <= 0 || now < this.#notBefore) return [];
    const taken = [...this.#changes.values()].filter((change) => !this.#sent.has(change.id)).slice(0, free);
    for (const change of taken) this.#sent.add(change.id);
    return taken;
  }

  /** Milliseconds until `take` has something that is held back now; null where nothing is. */
  wait(now) {
    return this.#changes.size > this.#sent.size && now < this.#notBefore ? this.#notBefore - now : null;
  }

  /** Forget a change that stands, or was refused for good. Undefined where it is not known. */
  answered(id) {
    const change = this.#changes.get(id);
    this.#sent.delete(id);
    this.#changes.delete(id);
    if (!this.#changes.size) this.#slow = false;
    return change;
  }

  /** Too fast: it goes out again, nothing does before `until`, and then one at a time. */
  turnedAway(id, until) {
    if (!this.#changes.has(id)) return;
    this.#sent.delete(id);
    this.#slow = true;
    this.#notBefore = Math.max(this.#notBefore, until);
  }

  /** Nothing is on its way any more; all that is not answered goes out again. */
  disconnected() {
    this.#sent.clear();
    this.#notBefore = 0;
  }
}
