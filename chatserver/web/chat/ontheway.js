// Messages of mine that are not in the history yet, in the order in which they were written. Pure.

export class OnTheWay {
  #posts = [];

  get length() {
    return this.#posts.length;
  }

  at(i) {
    return this.#posts[i];
  }

  /** Where this one stands; -1 for nowhere. */
  index(id) {
    return this.#posts.findIndex((post) => post.id === id);
  }

  /** Queued last, or queued again where it stood. False where it is here already. */
  queued(post) {
    const at = this.index(post.id);
    if (at < 0) this.#posts.push({kind: 'pending', seq: 0, reason: '', ...post});
    else this.#posts[at] = {...this.#posts[at], ...post, reason: ''};
    return at < 0;
  }

  /** The server's ok: it keeps its place until its echo comes, unless that was told already. */
  delivered(id, seq, seen) {
    const at = this.index(id);
    if (at < 0) return false;
    if (seq <= seen) this.#posts.splice(at, 1);
    else this.#posts[at] = {...this.#posts[at], seq};
    return true;
  }

  failed(id, reason) {
    const at = this.index(id);
    if (at >= 0) this.#posts[at] = {...this.#posts[at], reason};
  }

  /** It is in the history, or was given up. */
  forget(id) {
    const at = this.index(id);
    if (at >= 0) this.#posts.splice(at, 1);
    return at >= 0;
  }

  /** What is in the history will be on its pages. */
  dropDelivered() {
    this.#posts = this.#posts.filter((post) => !post.seq);
  }
}
