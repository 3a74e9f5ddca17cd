// One room as rows to draw: messages, quiet notices, day separators, the unread line, pending messages last. Pure.
//
// What is stored lies in stretches: the newest, and while the reader is elsewhere that one as well. What is on its way
// follows, and what the reader changed lies over it. Promises: `row` and `index` stay cheap at 100,000 entries; an event
// is held once, whichever way it came; every method that changes something gives what changed, for the view:
// `{reset}` (another place: start anew), `{front: n}` (n rows more on top), `{back: n}` (n more at the end) or
// `{refreshed}` (keys still find their rows; keep the reader's place); null for nothing.

import {isChange} from './entries.js';
import {OnTheWay} from './ontheway.js';
import {Quotes} from './quotes.js';
import {rowOf} from './rows.js';
import {Stretch} from './stretch.js';
import {UnreadLine} from './unreadline.js';
import {Wishes} from './wishes.js';

const RECENT = 256;
export const REFRESHED = {refreshed: true};
const RESET = {reset: true};

export class Timeline {
  online = true;
  #newest;
  #shown;
  #pending = new OnTheWay();
  #wishes = new Wishes();
  #quotes = new Quotes();
  #recent = [];
  #line;
  #seen;

  /** `about`: `{me, now(), nameOf(user), permit(user) → {own, muted, deletes}}`; `seen`: up to where all was told. */
  constructor(about, seen = 0) {
    this.about = about;
    this.#seen = seen;
    this.#newest = this.#shown = new Stretch(seen);
    this.#line = new UnreadLine(about.me);
  }

  get count() {
    return this.#shown.entries.length + (this.attached ? this.#pending.length : 0);
  }

  /** Is the newest shown? */
  get attached() {
    return this.#shown === this.#newest;
  }

  /** Seqs of quoted messages that nobody told yet. */
  get wants() {
    return this.#quotes.wanted;
  }

  /** Is a message of mine not in the history yet? */
  get onTheWay() {
    return this.#pending.length > 0;
  }

  get complete() {
    return this.#shown.complete;
  }

  get firstSeq() {
    return this.#shown.first;
  }

  get newestSeq() {
    return this.#shown.newest;
  }

  get newestHeld() {
    return this.#newest.newest;
  }

  get unreadKey() {
    return this.#line.seq ? String(this.#line.seq) : null;
  }

  // --- what is stored -----------------------------------------------------------------------------------------------

  /** A stored event of this room, live or by catching up. */
  arrived(event) {
    this.#seen = Math.max(this.#seen, event.seq);
    const wished = this.#settle(event);
    if (isChange(event)) {
      this.#recent = [...this.#recent, event].slice(-RECENT);
      const differs = [...new Set([this.#newest, this.#shown])].filter((held) => held.change(event)).length > 0;
      const quote = this.#quotes.change(event);
      if (event.type === 'deleted' && event.of === this.#line.seq) {
        this.#line.lost();
        this.#line.draw(this.#newest);
      }
      return differs || quote || wished ? REFRESHED : null;
    }
    if (this.#newest.find(event.seq) >= 0) return wished ? REFRESHED : null;
    const pending = this.#pending.length > 0 || wished;
    const {altered: merged} = this.#newest.take([event]);
    this.#want([event]);
    if (!this.attached) return null;
    const moved = this.#line.draw(this.#newest);
    return pending || merged || moved ? REFRESHED : {back: 1};
  }

  /** An answer to history: what came before `before`, or the newest page (0). One that fits no more is ignored. */
  page(page, before) {
    const held = before ? this.#shown : this.#newest;
    if (before && before !== held.first) return null;
    const empty = !held.entries.length;
    const found = this.#take(held, page);
    if (!page.more_before) held.complete = true;
    if (held !== this.#shown) return null;
    const moved = this.#line.draw(this.#newest);
    if (empty) return RESET;
    if (found.altered || moved) return REFRESHED;
    return found.front ? {front: found.front} : REFRESHED;
  }

  /** An answer to what stands after `after` while not attached. When it meets the newest, all is one again. */
  newer(page, after) {
    const held = this.#shown;
    if (this.attached || after !== held.newest) return null;
    this.#take(held, page);
    this.#join(!page.more_after, page.through);
    this.#line.draw(this.#newest);
    return REFRESHED;
  }

  /** Show the place that this page is around. */
  jump(page) {
    if (!page.messages.length) return null;
    const [first, last] = [page.messages[0].seq, page.messages.at(-1).seq];
    const meets = (held) => held.entries.length && first <= held.newest && last >= held.first;
    const met = [this.#newest, this.#shown].find(meets);
    this.#shown = met || new Stretch();
    this.#take(this.#shown, page);
    if (!page.more_before) this.#shown.complete = true;
    this.#join(!page.more_after, page.through);
    this.#line.draw(this.#newest);
    return RESET;
  }

  /** Show the newest again. */
  attach() {
    if (this.attached) return null;
    this.#shown = this.#newest;
    return RESET;
  }

  /** Show what is held where this message is: null where it is not held, {} where it is shown already. */
  reach(seq) {
    if (this.#shown.find(seq) >= 0) return {};
    return this.#newest.find(seq) >= 0 ? this.attach() : null;
  }

  #take(held, page) {
    for (const event of page.messages) this.#settle(event);
    const found = held.take(page.messages, page.through >= this.#seen);
    for (const change of this.#recent) {
      if (change.seq > page.through && found.added.includes(change.of)) held.change(change);
    }
    for (const quoted of page.quoted || []) this.#quotes.told(quoted.seq, quoted);
    this.#want(page.messages);
    return found;
  }

  #join(reached, through) {
    if (this.attached) return;
    const [shown, newest] = [this.#shown, this.#newest];
    const meet = newest.entries.length
      ? shown.newest >= newest.first || (reached && through >= newest.first)
      : reached && through >= this.#seen;
    if (!meet) return;
    shown.join(newest);
    this.#newest = shown;
  }

  // --- quotes -------------------------------------------------------------------------------------------------------

  /** The original that was wanted; null where it cannot be had. */
  quoted(seq, message) {
    this.#quotes.told(seq, message);
    return REFRESHED;
  }

  #want(events) {
    for (const {reply_to: seq} of events) {
      if (seq && !this.#newest.get(seq) && !this.#shown.get(seq)) this.#quotes.want(seq);
    }
  }

  // --- what is not stored yet ---------------------------------------------------------------------------------------

  /** A message of mine was queued: it stands last until its echo comes, and the reader goes there. */
  queued(post) {
    if (!this.#pending.queued({user: this.about.me, ...post})) return REFRESHED;
    const moved = this.attach();
    if (post.reply) this.#want([{reply_to: post.reply}]);
    return moved || {back: 1};
  }

  /** A change of a stored message was queued: it shows at once. */
  wished(change) {
    this.#wishes.ask(change);
    return REFRESHED;
  }

  /** The server's ok. */
  delivered(id, seq) {
    if (this.#wishes.delivered(id, seq, this.#seen)) return REFRESHED;
    return this.#pending.delivered(id, seq, this.#seen) ? REFRESHED : null;
  }

  /** Refused: a message stays, with the reason; a change is taken back. */
  failed(id, reason) {
    this.#wishes.forget(id);
    this.#pending.failed(id, reason);
    return REFRESHED;
  }

  discarded(id) {
    this.#pending.forget(id);
    return REFRESHED;
  }

  /** What is in the history with this event is on its way no more. */
  #settle(event) {
    const author = event.by || event.user;
    if (author !== this.about.me) return false;
    return this.#wishes.forget(event.id) || this.#pending.forget(event.id);
  }

  // --- the reader ---------------------------------------------------------------------------------------------------

  /** Draw the unread line above the first message of others after `read` (null: no line). */
  markUnread(read) {
    const {seq} = this.#line;
    this.#line.after(read);
    this.#line.draw(this.#newest);
    return this.#line.seq !== seq ? REFRESHED : null;
  }

  /** Draw the unread line above this message. */
  markFrom(seq) {
    this.#line.above(seq);
    return REFRESHED;
  }

  /** Nobody looks here: keep the newest ones alone. */
  trim(count) {
    if (!this.attached) this.#shown = this.#newest;
    this.#newest.trim(count);
  }

  /** Forget what is stored; what is on its way stays. */
  drop(seen) {
    this.#newest = this.#shown = new Stretch(seen);
    this.#quotes.clear();
    this.#recent = [];
    this.#line.after(null);
    this.#seen = seen;
    this.#wishes.dropDelivered();
    this.#pending.dropDelivered();
    return RESET;
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  /** A message as it is with what the reader changed; null where it is neither held nor quoted. */
  original(seq) {
    const entry = this.#newest.get(seq) || this.#shown.get(seq) || this.#quotes.get(seq);
    return entry ? this.#over(entry) : null;
  }

  /** As it is stored; null where it is not held. */
  held(seq) {
    return this.#newest.get(seq) || this.#shown.get(seq);
  }

  /** The texts of others' messages after this seq; null where what is held does not reach back to it. */
  othersAfter(seq) {
    return this.#newest.reaches(seq) ? this.#newest.othersAfter(seq, this.#seen, this.about.me) : null;
  }

  /** The texts of others' messages from this one on, as far as they are held. */
  othersFrom(seq) {
    return [...new Set([this.#newest, this.#shown])].flatMap((held) =>
      held.othersAfter(seq - 1, this.#seen, this.about.me),
    );
  }

  /** The newest entries that are messages, the newest first; `look` entries are looked at. */
  *said(look = 200) {
    const {entries} = this.#newest;
    for (let i = entries.length - 1; i >= Math.max(0, entries.length - look); i -= 1) {
      const entry = this.#over(entries[i]);
      if (entry.kind === 'said') yield entry;
    }
  }

  /** The newest row of mine that may be edited. */
  lastOwn() {
    for (const entry of this.said()) {
      if (entry.user === this.about.me) return this.#row(entry, null, null);
    }
    return null;
  }

  // --- rows ---------------------------------------------------------------------------------------------------------

  key(i) {
    const entry = this.#entry(i);
    return entry.kind === 'pending' ? `~${entry.id}` : String(entry.seq);
  }

  /** Where the row with this key stands, -1 for nowhere. */
  index(key) {
    if (!key.startsWith('~')) return this.#shown.find(Number(key));
    const at = this.attached ? this.#pending.index(key.slice(1)) : -1;
    return at < 0 ? -1 : this.#shown.entries.length + at;
  }

  row(i) {
    return this.#row(this.#at(i), i > 0 ? this.#at(i - 1) : null, i + 1 < this.count ? this.#at(i + 1) : null);
  }

  #entry(i) {
    const {entries} = this.#shown;
    return i < entries.length ? entries[i] : this.#pending.at(i - entries.length);
  }

  #at(i) {
    return this.#over(this.#entry(i));
  }

  #over(entry) {
    if (entry.kind === 'run' || entry.kind === 'pending') return entry;
    return this.#wishes.over(entry, this.about.me);
  }

  #row(entry, before, after) {
    return rowOf(entry, before, after, {
      about: this.about,
      line: this.#line.seq,
      online: this.online,
      waiting: entry.kind !== 'pending' && this.#wishes.waiting(entry.seq),
      quoted: entry.reply ? this.original(entry.reply) : null,
    });
  }
}
