// What the client tells, folded into one state. `Model` is this with what a page asks and does.
//
// Promises: a welcome that is fresh replaces all but what is on its way; unread counts the messages of others alone that
// were not deleted, from the numbers of the last fresh welcome on. What must be drawn again is noted in `noted`.

import {dayOf} from './days.js';
import {mentioned} from './names.js';
import {stood} from './stored.js';
import {Talk} from './talk.js';
import {REFRESHED} from './timeline.js';

const TYPING = 5_500;
/** Entries that stay of a room that nobody looks at. */
const KEPT = 1_000;
const TAKEN_BACK = {
  edit: 'Your edit was taken back: ',
  delete: 'Your deletion was taken back: ',
  react: 'Your reaction was taken back: ',
};

/** Nothing is to be drawn. */
export const nothing = () => ({
  list: false,
  link: false,
  heads: new Set(),
  rows: new Map(),
  people: false,
  typing: false,
  news: [],
  came: [],
});

export class Fold {
  me = '';
  server = '';
  owner = false;
  session = '';
  hasPassword = false;
  receipts = true;
  limits = {};
  link = {state: 'connecting', reason: '', retryAt: 0};
  talks = new Map();
  people = new Map();
  current = null;
  focused = true;
  seen = 0;
  noted = nothing();
  _typing = new Map();
  _asked = new Map();
  _reads = [];
  _waiting = new Set();
  #today = dayOf(Date.now());

  // --- looking ------------------------------------------------------------------------------------------------------

  /** Is the newest of it before the reader's eyes? */
  #lookingAt(talk) {
    return this.focused && talk.room === this.current && talk.timeline.attached;
  }

  /** What of it is before the reader's eyes was seen. */
  _looked(talk) {
    if (!this.#lookingAt(talk) || talk.kept) return;
    if (talk.last > talk.read) {
      talk.read = talk.last;
      this._reads.push({room: talk.room, seq: talk.last});
    }
    if (talk.seeAll()) this.noted.list = true;
  }

  _beginLooking(talk) {
    talk.kept = false;
    talk.unreadBefore = talk.unread;
    this._rows(talk, talk.timeline.markUnread(talk.unread ? talk.read : null));
    this._looked(talk);
  }

  // --- what the client tells ----------------------------------------------------------------------------------------

  apply(told) {
    const fold = this.#folds[told.type];
    if (fold) fold(told);
  }

  #folds = {
    connecting: () =>
      this.#setLink(this.link.state === 'online' ? {state: 'offline', reason: ''} : {...this.link, retryAt: 0}),
    connected: ({welcome, fresh}) => this.#connected(welcome, fresh),
    disconnected: ({reason, retryAt}) => this.#setLink({state: 'offline', reason, retryAt}),
    pending: ({change, at}) => this.#pending(change, at),
    changing: ({change}) => this.#changing(change),
    delivered: ({id, seq}) => this.#answered(id, (timeline) => timeline.delivered(id, seq)),
    failed: ({id, kind, message}) => {
      this.#answered(id, (timeline) => timeline.failed(id, message));
      if (kind === 'post') return;
      this._asked.delete(id);
      this.noted.news.push((TAKEN_BACK[kind] || '') + message);
    },
    discarded: ({id}) => {
      this.#answered(id, (timeline) => timeline.discarded(id));
      this._asked.delete(id);
    },
    arrived: ({event}) => this.#arrived(event),
    read: ({room, user, seq}) => this.#readMark(room, user, seq),
    presence: ({users}) => this.#presence(users),
    typing: ({room, users}) => {
      this._typing.set(room, {users: users.filter((user) => user !== this.me), until: Date.now() + TYPING});
      this.noted.typing = true;
    },
  };

  #setLink(link) {
    this.link = link;
    this.noted.link = this.noted.list = this.noted.people = true;
    if (link.state !== 'online') this._typing.clear();
    for (const talk of this.talks.values()) {
      const online = link.state === 'online';
      if (talk.timeline.online === online) continue;
      talk.timeline.online = online;
      this._rows(talk, REFRESHED);
    }
  }

  #connected(welcome, fresh) {
    this.me = welcome.user;
    this.server = welcome.server;
    this.owner = Boolean(welcome.owner);
    this.session = welcome.session || '';
    this.hasPassword = Boolean(welcome.has_password);
    this.receipts = welcome.receipts !== false;
    this.limits = welcome.limits || {};
    this.people = new Map(Object.entries(welcome.people || {}));
    if (fresh) this.#anew(welcome);
    else this.#goOn(welcome);
    for (const talk of this.talks.values()) {
      talk.readBy = (welcome.read_by || {})[talk.room] || {};
      talk.loading = false;
    }
    this.#setLink({state: 'online', reason: '', retryAt: 0});
  }

  /** What was missed in rooms that are mine still follows; only what no event tells is taken over. */
  #goOn(welcome) {
    const mine = new Set(welcome.rooms.map(({room}) => room));
    for (const talk of [...this.talks.values()]) {
      if (mine.has(talk.room) || talk.direct || talk.timeline.onTheWay) continue;
      this.#remove(talk);
      this.noted.news.push(`You are not in ${talk.title} any more.`);
    }
    for (const state of welcome.rooms) {
      const talk = this.talks.get(state.room);
      if (!talk) continue;
      if (talk.describeMe(state)) this.#permitsChanged(talk);
      if (state.read > talk.read) talk.readElsewhere(state.read, this.me);
    }
  }

  #anew(welcome) {
    this.seen = welcome.tip;
    const before = this.talks;
    this.talks = new Map();
    for (const state of welcome.rooms) {
      const talk = before.get(state.room) || new Talk(state.room, this);
      this.talks.set(state.room, talk);
      talk.describe(state);
      this._rows(talk, talk.timeline.drop(this.seen));
      this.noted.heads.add(state.room);
    }
    for (const talk of before.values()) {
      // What was written must not be lost with a room, nor a conversation that only stands open here yet.
      if (this.talks.has(talk.room) || !(talk.timeline.onTheWay || (talk.direct && talk.room === this.current)))
        continue;
      this.talks.set(talk.room, talk);
      talk.describe({});
      this._rows(talk, talk.timeline.drop(this.seen));
    }
    if (this.current && this.talk) this._beginLooking(this.talk);
    else this.current = null;
  }

  #remove(talk) {
    this.talks.delete(talk.room);
    this._typing.delete(talk.room);
    if (this.current === talk.room) this.current = null;
    this.noted.list = true;
    this.noted.heads.add(talk.room);
  }

  #permitsChanged(talk) {
    this.noted.heads.add(talk.room);
    this._rows(talk, REFRESHED);
  }

  _add(room) {
    const talk = new Talk(room, this);
    this.talks.set(room, talk);
    this.noted.list = true;
    return talk;
  }

  _rows(talk, change) {
    if (!change) return;
    const list = this.noted.rows.get(talk.room) || [];
    list.push(change);
    this.noted.rows.set(talk.room, list);
  }

  #pending(change, at) {
    const talk = this.talks.get(change.room) || this._add(change.room);
    this._asked.set(change.id, change.room);
    this._waiting.add(change.id);
    this._rows(
      talk,
      talk.timeline.queued({
        id: change.id,
        at,
        text: change.text,
        reply: change.reply_to || 0,
        files: change.about || [],
      }),
    );
    this._looked(talk);
    this.noted.list = true;
  }

  #changing(change) {
    this._waiting.add(change.id);
    const talk = change.of ? this.talks.get(change.room) : null;
    if (!talk) return;
    this._asked.set(change.id, change.room);
    this._rows(talk, talk.timeline.wished(change));
  }

  #answered(id, does) {
    this._waiting.delete(id);
    this.noted.list = true;
    const talk = this.talks.get(this._asked.get(id));
    if (!talk) return;
    this._rows(talk, does(talk.timeline));
    this._spoken(talk);
  }

  // --- stored events ------------------------------------------------------------------------------------------------

  #arrived(event) {
    this.seen = Math.max(this.seen, event.seq);
    if (event.type === 'profile') this.#profiled(event);
    let talk = this.talks.get(event.room);
    if (!talk) {
      if (!event.room.startsWith('@') && !(['created', 'joined'].includes(event.type) && event.user === this.me))
        return;
      talk = this._add(event.room);
    }
    if ((event.by || event.user) === this.me) this.#echo(event);
    talk.last = Math.max(talk.last, event.seq);
    if (!stood(talk, event, this)) {
      this.#remove(talk);
      return;
    }
    if (event.type === 'message') this.#message(talk, event);
    const before = event.type === 'deleted' ? talk.timeline.held(event.of) : null;
    this._rows(talk, talk.timeline.arrived(event));
    if (event.type === 'deleted' && talk.unread && event.of > talk.read) {
      talk.uncount(event.of, before, this.me);
      this.noted.list = true;
    }
    if (['message', 'edited', 'deleted'].includes(event.type)) this._spoken(talk);
    this._looked(talk);
    if (talk.room !== this.current && talk.timeline.count > 2 * KEPT) talk.timeline.trim(KEPT);
  }

  /** The echo of a change of mine; a post that was queued under another spelling of the room goes from there. */
  #echo(event) {
    const asked = this.talks.get(this._asked.get(event.id));
    this._asked.delete(event.id);
    this._waiting.delete(event.id);
    if (!asked || asked.room === event.room) return;
    this._rows(asked, asked.timeline.discarded(event.id));
    if (asked.last || asked.timeline.onTheWay) return;
    if (this.current === asked.room) this.current = event.room;
    this.#remove(asked);
  }

  _spoken(talk) {
    talk.show(this.me, (user) => this.nameOf(user));
    if (talk.direct) this.noted.list = true;
  }

  #message(talk, event) {
    const told = this._typing.get(talk.room);
    if (told) told.users = told.users.filter((user) => user !== event.user);
    this.noted.typing = this.noted.list = true;
    talk.kept = false;
    const held = talk.timeline.held(event.seq);
    if (event.user === this.me || event.seq <= talk.read || (held && held.kind === 'gone')) return;
    const speaks = talk.direct || mentioned(event.text, this.me);
    this.noted.came.push({talk, event, speaks});
    if (this.#lookingAt(talk)) return;
    if (talk.room === this.current && !talk.unread) this._rows(talk, talk.timeline.markUnread(talk.read));
    talk.count(event, this.me);
  }

  // --- people -------------------------------------------------------------------------------------------------------

  #profiled({user, display, picture}) {
    this.people.set(user, {...this.people.get(user), display, picture});
    this.noted.people = this.noted.list = true;
    for (const talk of this.talks.values()) if (talk.timeline.count) this._rows(talk, REFRESHED);
  }

  #presence(users) {
    for (const [user, person] of Object.entries(users)) this.people.set(user, {state: 'offline', ...person});
    this.noted.people = this.noted.list = true;
  }

  #readMark(room, user, seq) {
    const talk = this.talks.get(room);
    if (!talk) return;
    if (user !== this.me) {
      if (!this.receipts) return;
      talk.readBy = {...talk.readBy, [user]: Math.max(seq, talk.readBy[user] || 0)};
      this._rows(talk, REFRESHED);
    } else {
      talk.readElsewhere(seq, this.me);
      this.noted.list = true;
    }
  }

  /** Time passed: somebody stopped writing, or I may speak again. */
  tick(now) {
    for (const told of this._typing.values()) {
      if (told.users.length && told.until <= now) {
        told.users = [];
        this.noted.typing = true;
      }
    }
    for (const talk of this.talks.values()) {
      if (talk.mutedUntil && talk.mutedUntil <= now) {
        talk.mutedUntil = 0;
        this.#permitsChanged(talk);
      }
    }
    if (dayOf(now) !== this.#today) {
      this.#today = dayOf(now);
      this.noted.list = true;
      for (const talk of this.talks.values()) this._rows(talk, REFRESHED); // "Today" is "Yesterday" now
    }
  }
}
