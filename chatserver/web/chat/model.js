// Everything that the page shows, and what it asks and does. Pure but for the clock; draws nothing.
//
// What the client tells is folded by `Fold`. What must be drawn again is noted until `take` is called: the list, the link,
// heads and rows of rooms, who is shown differently, who writes, sentences for the person, and messages that just came.

import {Fold, nothing} from './fold.js';
import {directName} from './names.js';
import {REFRESHED} from './timeline.js';

export class Model extends Fold {
  /** What changed since the last time, and which rooms' read marks to tell: `{…noted, reads: [{room, seq}]}`. */
  take() {
    const taken = {...this.noted, reads: this._reads};
    this.noted = nothing();
    this._reads = [];
    return taken;
  }

  // --- questions ----------------------------------------------------------------------------------------------------

  rooms() {
    return [...this.talks.values()].filter((talk) => !talk.direct).sort((a, b) => a.room.localeCompare(b.room));
  }

  /** The newest first; one that nothing was said in yet stands on top. */
  directs() {
    return [...this.talks.values()]
      .filter((talk) => talk.direct)
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
    return this._waiting.size;
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
    const told = this._typing.get(room);
    return told && told.until > Date.now() ? told.users : [];
  }

  // --- looking ------------------------------------------------------------------------------------------------------

  /** Look at this conversation (null: at none). */
  open(room) {
    const left = this.talk;
    if (left && left.room === room) {
      left.kept = false;
      this._looked(left);
      return;
    }
    if (left) {
      this._rows(left, left.timeline.markUnread(null));
      left.timeline.attach();
    }
    this.current = room;
    this.noted.list = true;
    const talk = this.talk;
    if (!talk) return;
    this.noted.heads.add(room);
    this._beginLooking(talk);
  }

  /** The page got or lost the eyes of the reader. */
  focus(focused) {
    this.focused = focused;
    if (this.talk) this._looked(this.talk);
  }

  directWith(user) {
    const room = directName(this.me, user);
    if (!this.talks.has(room)) this._add(room);
    return room;
  }

  /** Let this message of others and all after it be unread. */
  unreadFrom(room, seq) {
    const talk = this.talks.get(room);
    talk.unreadFrom(seq, this.me);
    this._rows(talk, talk.timeline.markFrom(seq));
    this.noted.list = true;
  }

  // --- answers ------------------------------------------------------------------------------------------------------

  /** An answer to history; `how`: 'page' (before `at`), 'newer' (after `at`) or 'jump'. */
  page(room, page, how, at = 0) {
    const talk = this.talks.get(room);
    if (!talk) return;
    talk.loading = false;
    const {timeline} = talk;
    this._rows(talk, how === 'jump' ? timeline.jump(page) : timeline[how](page, at));
    talk.last = Math.max(talk.last, timeline.newestHeld);
    this._spoken(talk);
    this._looked(talk);
  }

  quoted(room, seq, message) {
    const talk = this.talks.get(room);
    if (talk) this._rows(talk, talk.timeline.quoted(seq, message));
  }

  /** Show what is held where this message stands; false where it is to be asked for. */
  reach(room, seq) {
    const talk = this.talks.get(room);
    const change = talk.timeline.reach(seq);
    if (change && change.reset) this._rows(talk, change);
    return change !== null;
  }

  /** The server took `prefer`: who hides how far they read sees nobody else's. */
  prefer(receipts) {
    this.receipts = receipts;
    for (const talk of this.talks.values()) {
      if (!receipts) talk.readBy = {};
      this._rows(talk, REFRESHED);
    }
  }

  attach(room) {
    const talk = this.talks.get(room);
    this._rows(talk, talk.timeline.attach());
    this._looked(talk);
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
    const mine = talk.roster.get(this.me);
    if (mine) {
      talk.role = mine.role || 'member';
      talk.mutedUntil = mine.muted_until ? Date.parse(mine.muted_until) : 0;
    }
    this._rows(talk, REFRESHED);
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
}
