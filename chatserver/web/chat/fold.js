// What the client tells, folded into one state. `Model` is this with what a page asks and does.
//
// Promises: a welcome that is fresh replaces all but what is on its way; unread counts the messages of others alone that
// were not deleted, from the numbers of the last fresh welcome on. What must be drawn again is noted in `noted`.

import {mentioned} from './names.js';
import {Talk} from './talk.js';
import {REFRESHED} from './timeline.js';

const TYPING = 5_500;
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

  _looked(talk) {
    if (!this.focused || talk.room !== this.current || !talk.timeline.attached || talk.kept) return;
    if (talk.last > talk.read) {
      talk.read = talk.last;
      this._reads.push({room: talk.room, seq: talk.last});
    }
    if (talk.unread || talk.mentions) {
      talk.unread = talk.mentions = 0;
      this.noted.list = true;
    }
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
      if (kind !== 'post') this.noted.news.push((TAKEN_BACK[kind] || '') + message);
    },
    discarded: ({id}) => this.#answered(id, (timeline) => timeline.discarded(id)),
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
    this.limits = welcome.limits || {};
    this.people = new Map(Object.entries(welcome.people || {}));
    if (fresh) this.#anew(welcome);
    for (const state of welcome.rooms) {
      const talk = this.talks.get(state.room);
      if (!talk) continue;
      talk.role = state.role || 'member';
      talk.readBy = (welcome.read_by || {})[state.room] || {};
      talk.loading = false;
    }
    this.#setLink({state: 'online', reason: '', retryAt: 0});
  }

  #anew(welcome) {
    this.seen = welcome.tip;
    const before = this.talks;
    this.talks = new Map();
    for (const state of welcome.rooms) {
      const talk = before.get(state.room) || new Talk(state.room, this);
      this.talks.set(state.room, talk);
      talk.describe(state, (welcome.read_by || {})[state.room]);
      this._rows(talk, talk.timeline.drop(this.seen));
      this.noted.heads.add(state.room);
    }
    if (this.current && this.talk) this.open(this.current);
    else this.current = null;
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
    this._asked.delete(event.id);
    talk.last = Math.max(talk.last, event.seq);
    if (!this.#stood(talk, event)) return;
    if (event.type === 'message') this.#message(talk, event);
    const before = event.type === 'deleted' ? talk.timeline.held(event.of) : null;
    this._rows(talk, talk.timeline.arrived(event));
    if (event.type === 'deleted' && talk.unread && event.of > talk.read) {
      talk.uncount(before || {kind: 'said', user: event.user, text: ''}, this.me);
      this.noted.list = true;
    }
    if (['message', 'edited', 'deleted'].includes(event.type)) this._spoken(talk);
    this._looked(talk);
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
    if (event.user === this.me || event.deleted || event.seq <= talk.read) return;
    const speaks = talk.direct || mentioned(event.text, this.me);
    this.noted.came.push({talk, event, speaks});
    if (this.focused && talk.room === this.current && talk.timeline.attached) return;
    if (talk.room === this.current && !talk.unread) this._rows(talk, talk.timeline.markUnread(talk.read));
    talk.count(event, this.me);
  }

  /** What an event means for its room. False where the room is mine no more. */
  #stood(talk, event) {
    const does = this.#deeds[event.type];
    if (!does) return true;
    this.noted.heads.add(talk.room);
    return does(talk, event) !== false;
  }

  #deeds = {
    created: (talk, event) => {
      [talk.topic, talk.private, talk.members] = [event.topic || '', Boolean(event.private), talk.members || 1];
      if (event.user === this.me) talk.role = 'moderator';
    },
    joined: (talk, event) => {
      if (talk.roster.size && !talk.roster.has(event.user)) talk.roster.set(event.user, {user: event.user});
      if (event.user !== this.me) talk.members = talk.roster.size || talk.members + 1;
    },
    left: (talk, event) => this.#left(talk, event, 'removed'),
    banned: (talk, event) => this.#left(talk, event, 'banned'),
    unbanned: (talk, event) => {
      talk.banned = talk.banned.filter((user) => user !== event.user);
    },
    topic: (talk, event) => {
      talk.topic = event.topic;
    },
    muted: (talk, event) => {
      const until = event.minutes ? Date.parse(event.time) + event.minutes * 60_000 : 0;
      if (event.user === this.me) talk.mutedUntil = until;
      const member = talk.roster.get(event.user);
      if (member) member.muted_until = until ? new Date(until).toISOString() : '';
      this._rows(talk, REFRESHED);
    },
    role: (talk, event) => {
      if (event.user === this.me) talk.role = event.role;
      const member = talk.roster.get(event.user);
      if (member) member.role = event.role;
      this._rows(talk, REFRESHED);
    },
  };

  #left(talk, event, done) {
    if (event.user === this.me) {
      if (event.by && event.by !== this.me)
        this.noted.news.push(`${this.nameOf(event.by)} ${done} you from ${talk.title}.`);
      this.talks.delete(talk.room);
      if (this.current === talk.room) this.current = null;
      this.noted.list = true;
      return false;
    }
    talk.roster.delete(event.user);
    talk.members = talk.roster.size || Math.max(0, talk.members - 1);
    return true;
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
      talk.readBy = {...talk.readBy, [user]: Math.max(seq, talk.readBy[user] || 0)};
      this._rows(talk, REFRESHED);
    } else if (seq > talk.read) {
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
        this.noted.heads.add(talk.room);
        this._rows(talk, REFRESHED);
      }
    }
  }
}
