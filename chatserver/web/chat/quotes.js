// Messages that others reply to and that are not held themselves: their start, as far as a quote shows it. Pure.

import {altered} from './entries.js';
import {QUOTED} from './rows.js';

/** So much is kept of a text, with its marks. */
const KEPT = 5 * QUOTED;

export class Quotes {
  /** Seqs of originals that nobody told yet. */
  wanted = new Set();
  #known = new Map();

  get(seq) {
    return this.#known.get(seq);
  }

  /** A reply to this one is held. */
  want(seq) {
    if (!this.#known.has(seq)) this.wanted.add(seq);
  }

  /** The original; null where it cannot be had. */
  told(seq, message) {
    const {user = '', deleted = true, deleted_by: by = ''} = message ? {deleted: false, ...message} : {};
    const entry = deleted
      ? {kind: 'gone', seq, user, by}
      : {kind: 'said', seq, user, text: message.text.slice(0, KEPT), files: message.files || [], reactions: {}};
    this.#known.set(seq, entry);
    this.wanted.delete(seq);
  }

  /** What happens to an original shows in its quotes. True where one is known. */
  change(event) {
    const known = this.#known.get(event.of);
    if (known) this.#known.set(event.of, altered(known, event, event.user));
    return Boolean(known);
  }

  clear() {
    this.#known.clear();
    this.wanted.clear();
  }
}
