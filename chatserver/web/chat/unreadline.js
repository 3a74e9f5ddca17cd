// The line above the first message of others that the reader has not seen. Pure.
//
// Where it belongs above what is loaded it is drawn when that comes, and then stays where it is.

export class UnreadLine {
  /** The message under it, 0 for none. */
  seq = 0;
  #read = null;
  #me;

  constructor(me) {
    this.#me = me;
  }

  /** It belongs above the first message of others after `read` (null: nowhere). */
  after(read) {
    [this.#read, this.seq] = [read, 0];
  }

  /** It belongs above this message. */
  above(seq) {
    [this.#read, this.seq] = [seq - 1, seq];
  }

  /** That message was deleted. */
  lost() {
    this.seq = 0;
  }

  /** Look for its place in the newest stretch. True where it was found just now. */
  draw(newest) {
    if (this.#read === null || this.seq || !newest.reaches(this.#read)) return false;
    const first = newest.firstOfOthers(this.#read, this.#me);
    if (first) this.seq = first;
    else this.#read = Math.max(this.#read, newest.newest);
    return first > 0;
  }
}
