// Everything that the page shows, folded from what the client tells. Pure but for the clock; draws nothing.
//
// What must be drawn again is noted in `noted` until `take` is called: the list, the link, heads and rows of rooms, who is
// shown differently, who writes, sentences for the person, and messages that just came (to be read out or notified).

import { mentioned, directName } from './names.js';
import { Talk } from './talk.js';
import { REFRESHED } from './timeline.js';

const TYPING = 5_500;
const TAKEN_BACK = {edit: 'Your edit was taken back: ', delete: 'Your deletion was taken back: ',
  react: 'Your reaction was taken back: '};
const nothing = () => ({list: false, link: false, heads: new Set(), rows: new Map(), people: false, typing: false,
  news: [], came: []});

export class Model {
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
  #typing = new Map();
  #asked = new Map();
  #reads = [];
  #waiting = new Set();

  /** What changed since the last time, and which rooms' read marks to tell: `{…noted, reads: [{room, seq}]}`. */
  take() {
    const taken = {...this.noted, reads: this.#reads};
    this.noted = nothing();
    this.#reads = [];
    return taken;
  }

  // --- questions ----------------------------------------------------------------------------------------------------

  rooms() {
    return [...this.talks.values()].filter((talk) => !talk.direct).sort((a, b) => a.room.localeCompare(b.room));
  }

  /** The newest first; one that nothing was said in yet stands on top. */
  directs() {
    return [...this.talks.values()].filter((talk) => talk.direct)
      .sort((a, b) => (a.last > 0) - (b.last > 0) || b.last - a.last || a.title.localeCompare(b.title));
  }

  get talk() {
    return this.talks.get(this.current) || null;
  }

  /** Unread mentions and direct messages. */
  get badge() {
    return [...this.talks.values()].reduce((sum, talk) => sum + talk.mentions, 0);
  }

  get waiting() {
    return this.#waiting.size;
  }

  person(user) {
    const person = this.people.get(user) || {};
    return this.link.state === 'online' ? {state: 'offline', ...person} : {...person, state: 'offline'};
  }

  nameOf(user) {
    const person = this.people.get(user);
    return (person && person.display) || user;
  }

  get here() {
    return [...this.people.values()].filter((person) => person.state && person.state !== 'offline').length;
  }

  /** Who is writing there now, without me. */
  typing(room) {
    const told = this.#typing.get(room);
    return told && told.until > Date.now() ? told.users : [];
  }

  // --- looking ------------------------------------------------------------------------------------------------------

  /** Look at this conversation (null: at none). */
  open(room) {
    const left = this.talk;
    if (left && left.room !== room) {
      this.#rows(left, left.timeline.markUnread(null));
      left.timeline.attach();
    }
    this.current = room;
    this.noted.list = true;
    const talk = this.talk;
    if (!talk) return;
    this.noted.heads.add(room);
    talk.kept = false;
    this.#rows(talk, talk.timeline.markUnread(talk.unread ? talk.read : null));
    this.#looked(talk);
  }

  /** The page got or lost the eyes of the reader. */
  focus(focused) {
    this.focused = focused;
    if (this.talk) this.#looked(this.talk);
  }

  directWith(user) {
    const room = directName(this.me, user);
    if (!this.talks.has(room)) this.#add(room);
    return room;
  }

  /** Let this message of others and all after it be unread. */
  unreadFrom(room, seq) {
    const talk = this.talks.get(room);
    talk.read = seq - 1;
    talk.recount(this.me);
    talk.kept = true;
    this.#rows(talk, talk.timeline.markFrom(seq));
    this.noted.list = true;
  }

  #looked(talk) {
    if (!this.focused || talk.room !== this.current || !talk.timeline.attached || talk.kept) return;
    if (talk.last > talk.read) {
      talk.read = talk.last;
      this.#reads.push({room: talk.room, seq: talk.last});
    }
    if (talk.unread || talk.mentions) {
      talk.unread = talk.mentions = 0;
      this.noted.list = true;
    }
  }

  // --- answers ------------------------------------------------------------------------------------------------------

  /** An answer to history; `how`: 'page' (before `at`), 'newer' (after `at`) or 'jump'. */
  page(room, page, how, at = 0) {
    const talk = this.talks.get(room);
    if (!talk) return;
    talk.loading = false;
    const {timeline} = talk;
    this.#rows(talk, how === 'jump' ? timeline.jump(page) : timeline[how](page, at));
    talk.last = Math.max(talk.last, timeline.newestHeld);
    this.#spoken(talk);
    this.#looked(talk);
  }

  quoted(room, seq, message) {
    const talk = this.talks.get(room);
    if (talk) this.#rows(talk, talk.timeline.quoted(seq, message));
  }

  /** Show what is held where this message stands; false where it is to be asked for. */
  reach(room, seq) {
    const talk = this.talks.get(room);
    const change = talk.timeline.reach(seq);
    if (change && change.reset) this.#rows(talk, change);
    return change !== null;
  }

  attach(room) {
    const talk = this.talks.get(room);
    this.#rows(talk, talk.timeline.attach());
    this.#looked(talk);
  }

  membersListed(room, list) {
    const talk = this.talks.get(room);
    for (const {user, state, note, display, picture, state_since: since} of list.members) {
      this.people.set(user, {state: state || 'offline', note, display, picture, state_since: since});
    }
    this.noted.people = true;
    if (!talk) return;
    talk.roster = new Map(list.members.map((member) => [member.user, member]));
    talk.members = list.members.length;
    talk.banned = list.banned || [];
    const mine = talk.roster.get(this.me);
    if (mine) {
      talk.role = mine.role || 'member';
      talk.mutedUntil = mine.muted_until ? Date.parse(mine.muted_until) : 0;
    }
    this.#rows(talk, REFRESHED);
    this.noted.heads.add(room);
  }

  roomsListed(rooms) {
    for (const info of rooms) {
      const talk = this.talks.get(info.room);
      if (!talk) continue;
      [talk.topic, talk.members, talk.private] = [info.topic || '', info.members || 0, Boolean(info.private)];
      this.noted.heads.add(info.room);
    }
    this.noted.list = true;
  }

  // --- what the client tells ----------------------------------------------------------------------------------------

  apply(told) {
    const fold = this.#folds[told.type];
    if (fold) fold(told);
  }

  #folds = {
    connecting: () => this.#setLink(this.link.state === 'online' ? {state: 'offline', reason: ''} : {...this.link, retryAt: 0}),
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
      this.#typing.set(room, {users: users.filter((user) => user !== this.me), until: Date.now() + TYPING});
      this.noted.typing = true;
    },
  };

  #setLink(link) {
    this.link = link;
    this.noted.link = this.noted.list = this.noted.people = true;
    if (link.state !== 'online') this.#typing.clear();
    for (const talk of this.talks.values()) {
      const online = link.state === 'online';
      if (talk.timeline.online === online) continue;
      talk.timeline.online = online;
      this.#rows(talk, REFRESHED);
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
      this.#rows(talk, talk.timeline.drop(this.seen));
      this.noted.heads.add(state.room);
    }
    if (this.current && this.talk) this.open(this.current);
    else this.current = null;
  }

  #add(room) {
    const talk = new Talk(room, this);
    this.talks.set(room, talk);
    this.noted.list = true;
    return talk;
  }

  #rows(talk, change) {
    if (!change) return;
    const list = this.noted.rows.get(talk.room) || [];
    list.push(change);
    this.noted.rows.set(talk.room, list);
  }

  #pending(change, at) {
    const talk = this.talks.get(change.room) || this.#add(change.room);
    this.#asked.set(change.id, change.room);
    this.#waiting.add(change.id);
    this.#rows(talk, talk.timeline.queued({id: change.id, at, text: change.text, reply: change.reply_to || 0,
      files: change.about || []}));
    this.#looked(talk);
    this.noted.list = true;
  }

  #changing(change) {
    this.#waiting.add(change.id);
    const talk = change.of ? this.talks.get(change.room) : null;
    if (!talk) return;
    this.#asked.set(change.id, change.room);
    this.#rows(talk, talk.timeline.wished(change));
  }

  #answered(id, does) {
    this.#waiting.delete(id);
    this.noted.list = true;
    const talk = this.talks.get(this.#asked.get(id));
    if (!talk) return;
    this.#rows(talk, does(talk.timeline));
    this.#spoken(talk);
  }

  // --- stored events ------------------------------------------------------------------------------------------------

  #arrived(event) {
    this.seen = Math.max(this.seen, event.seq);
    if (event.type === 'profile') this.#profiled(event);
    let talk = this.talks.get(event.room);
    if (!talk) {
      if (!event.room.startsWith('@') && !(['created', 'joined'].includes(event.type) && event.user === this.me)) return;
      talk = this.#add(event.room);
    }
    this.#asked.delete(event.id);
    talk.last = Math.max(talk.last, event.seq);
    if (!this.#stood(talk, event)) return;
    if (event.type === 'message') this.#message(talk, event);
    const before = event.type === 'deleted' ? talk.timeline.held(event.of) : null;
    this.#rows(talk, talk.timeline.arrived(event));
    if (event.type === 'deleted' && talk.unread && event.of > talk.read) {
      talk.uncount(before || {kind: 'said', user: event.user, text: ''}, this.me);
      this.noted.list = true;
    }
    if (['message', 'edited', 'deleted'].includes(event.type)) this.#spoken(talk);
    this.#looked(talk);
  }

  #spoken(talk) {
    talk.show(this.me, (user) => this.nameOf(user));
    if (talk.direct) this.noted.list = true;
  }

  #message(talk, event) {
    const told = this.#typing.get(talk.room);
    if (told) told.users = told.users.filter((user) => user !== event.user);
    this.noted.typing = this.noted.list = true;
    talk.kept = false;
    if (event.user === this.me || event.deleted || event.seq <= talk.read) return;
    const speaks = talk.direct || mentioned(event.text, this.me);
    this.noted.came.push({talk, event, speaks});
    if (this.focused && talk.room === this.current && talk.timeline.attached) return;
    if (talk.room === this.current && !talk.unread) this.#rows(talk, talk.timeline.markUnread(talk.read));
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
      this.#rows(talk, REFRESHED);
    },
    role: (talk, event) => {
      if (event.user === this.me) talk.role = event.role;
      const member = talk.roster.get(event.user);
      if (member) member.role = event.role;
      this.#rows(talk, REFRESHED);
    },
  };

  #left(talk, event, done) {
    if (event.user === this.me) {
      if (event.by && event.by !== this.me) this.noted.news.push(`${this.nameOf(event.by)} ${done} you from ${talk.title}.`);
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
    for (const talk of this.talks.values()) if (talk.timeline.count) this.#rows(talk, REFRESHED);
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
      this.#rows(talk, REFRESHED);
    } else if (seq > talk.read) {
      talk.readElsewhere(seq, this.me);
      this.noted.list = true;
    }
  }

  /** Time passed: somebody stopped writing, or I may speak again. */
  tick(now) {
    for (const told of this.#typing.values()) {
      if (told.users.length && told.until <= now) {
        told.users = [];
        this.noted.typing = true;
      }
    }
    for (const talk of this.talks.values()) {
      if (talk.mutedUntil && talk.mutedUntil <= now) {
        talk.mutedUntil = 0;
        this.noted.heads.add(talk.room);
        this.#rows(talk, REFRESHED);
      }
    }
  }
}
