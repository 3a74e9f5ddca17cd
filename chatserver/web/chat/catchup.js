// Which stored events to hand on, and in which order, over any number of connections. Pure.
//
// Events come out in order of seq, each once. After a reconnect within reach nothing is missing: what comes live
// meanwhile waits until the pages of `sync` reach it. Otherwise the welcome is fresh, and what was held is void.

const REACH = 10_000;

export class CatchUp {
  /** The seq up to which everything was handed on. */
  seen = 0;
  /** Are pages to be asked for, `sync after=seen`? */
  asking = false;
  #epoch = '';
  #early = [];

  /** A sign-in. True where it is fresh. */
  welcome({epoch, tip, limits}) {
    const behind = tip - this.seen;
    const reach = (limits && limits.sync_reach) || REACH;
    const fresh = epoch !== this.#epoch || behind < 0 || behind > reach;
    this.#epoch = epoch;
    this.#early = [];
    if (fresh) this.seen = tip;
    this.asking = !fresh && behind > 0;
    return fresh;
  }

  /** What to hand on now that this came live. */
  live(event) {
    if (!this.asking) return this.#after([event]);
    this.#early.push(event);
    return [];
  }

  /** What to hand on now that this page came. */
  synced(page) {
    const before = this.seen;
    const ready = this.#after(page.events || []);
    this.seen = Math.max(this.seen, page.through);
    this.asking = Boolean(page.more) && this.seen > before;
    if (!this.asking) {
      ready.push(...this.#after(this.#early));
      this.#early = [];
    }
    return ready;
  }

  #after(events) {
    const fresh = [];
    for (const event of events) {
      if (event.seq > this.seen) {
        this.seen = event.seq;
        fresh.push(event);
      }
    }
    return fresh;
  }
}
