// A stretch of one room's history without a gap, by seq. Pure.

import {altered, append, entryOf, lastSeq} from './entries.js';

export class Stretch {
  entries = [];
  /** Does the first entry begin the room? */
  complete = false;
  /** All of the room from after this seq to the newest is held, which may be more than the first says. */
  #after;

  /** `after`: everything that comes after this seq will be told. */
  constructor(after = Infinity) {
    this.#after = after;
  }

  get first() {
    return this.entries.length ? this.entries[0].seq : 0;
  }

  get newest() {
    return this.entries.length ? lastSeq(this.entries.at(-1)) : 0;
  }

  /** Where the entry stands that holds this seq; -1 for nowhere. */
  find(seq) {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].seq <= seq) low = middle + 1;
      else high = middle;
    }
    const entry = this.entries[low - 1];
    if (!entry) return -1;
    const here = entry.kind === 'run' ? entry.items.some((item) => item.seq === seq) : entry.seq === seq;
    return here ? low - 1 : -1;
  }

  get(seq) {
    const at = this.find(seq);
    return at < 0 || this.entries[at].kind === 'run' ? null : this.entries[at];
  }

  /** Is everything held that came after this seq, up to the newest? */
  reaches(seq) {
    return this.complete || this.#after <= seq;
  }

  /** The texts of others' messages after one seq, up to another one. */
  othersAfter(seq, upto, me) {
    const found = [];
    for (let i = this.entries.length - 1; i >= 0 && this.entries[i].seq > seq; i -= 1) {
      const entry = this.entries[i];
      if (entry.kind === 'said' && entry.user !== me && entry.seq <= upto) found.push(entry.text);
    }
    return found;
  }

  /** The first message of others after this seq, 0 for none. */
  firstOfOthers(seq, me) {
    let first = 0;
    for (let i = this.entries.length - 1; i >= 0 && this.entries[i].seq > seq; i -= 1) {
      const entry = this.entries[i];
      if (entry.kind === 'said' && entry.user !== me) first = entry.seq;
    }
    return first;
  }

  /** Forget the oldest ones, so that `count` are left. */
  trim(count) {
    if (this.entries.length <= count) return;
    this.entries = this.entries.slice(-count);
    this.complete = false;
    this.#after = this.first - 1;
  }

  /** Take in a page, or live events: what continues this at either end, or renews what is here.
   *  Gives how many entries came in front and whether anything else differs. */
  take(events, renew = true) {
    const found = {front: 0, altered: false, added: []};
    const empty = !this.entries.length;
    const [first, newest] = [this.first, this.newest];
    const older = empty ? [] : events.filter((event) => event.seq < first);
    for (const event of events) {
      if (empty || event.seq > newest) {
        const count = this.entries.length;
        append(this.entries, entryOf(event));
        found.added.push(event.seq);
        if (!empty) found.altered ||= this.entries.length === count;
      } else if (event.seq >= first && renew && event.type === 'message') {
        found.altered = this.#renew(entryOf(event)) || found.altered;
      }
    }
    if (older.length) this.#prepend(older, found);
    if (events.length && (empty || older.length)) this.#after = Math.min(this.#after, events[0].prev || 0);
    return found;
  }

  #renew(entry) {
    const at = this.find(entry.seq);
    if (at < 0 || this.entries[at].kind === 'gone' || JSON.stringify(this.entries[at]) === JSON.stringify(entry))
      return false;
    this.entries[at] = entry;
    return true;
  }

  #prepend(older, found) {
    const front = [];
    for (const event of older) {
      append(front, entryOf(event));
      found.added.push(event.seq);
    }
    const count = this.entries.length;
    if (count) {
      append(front, this.entries[0]);
      this.entries.shift();
    }
    found.front = front.length + this.entries.length - count;
    found.altered ||= found.front === 0;
    this.entries = front.concat(this.entries);
  }

  /** A change of a message. True where it is held and differs now. */
  change(event) {
    const at = this.find(event.of);
    if (at < 0 || this.entries[at].kind === 'run') return false;
    const entry = altered(this.entries[at], event, event.user);
    const differs = entry !== this.entries[at];
    this.entries[at] = entry;
    return differs;
  }

  /** Go on with what stands after this: both meet. */
  join(later) {
    for (const entry of later.entries) {
      if (lastSeq(entry) <= this.newest) continue;
      const items = entry.kind === 'run' ? entry.items.filter((item) => item.seq > this.newest) : null;
      append(this.entries, items ? {...entry, seq: items[0].seq, at: items[0].at, items} : entry);
    }
  }
}
