// One conversation as the list, the head and the view show it. Pure; owned and changed by the model alone.

import {action, gist} from './gist.js';
import {counterpart, mentioned} from './names.js';
import {may} from './rights.js';
import {Timeline} from './timeline.js';

const RECEIPTS = 20;

export class Talk {
  topic = '';
  private = false;
  role = 'member';
  members = 0;
  /** Who is there, by name, after `membersListed`. */
  roster = new Map();
  banned = [];
  unread = 0;
  /** Unread ones that speak to me; in a direct conversation all. */
  mentions = 0;
  preview = '';
  previewAt = 0;
  last = 0;
  read = 0;
  readBy = {};
  mutedUntil = 0;
  /** History is being asked for. */
  loading = false;
  /** Marked unread by me: looking at it goes on until a new message comes or it is opened again. */
  kept = false;

  constructor(room, model) {
    this.room = room;
    this.direct = room.startsWith('@');
    this.title = this.direct ? counterpart(room, model.me) : room;
    this.timeline = new Timeline(
      {
        me: model.me,
        now: () => Date.now(),
        nameOf: (user) => model.nameOf(user),
        permit: (user) => this.#permit(user, model),
      },
      model.seen,
    );
    this.timeline.online = model.link.state === 'online';
  }

  #permit(user, model) {
    const member = this.roster.get(user);
    const own = user === model.me;
    return {
      own,
      muted: this.mutedUntil > 0,
      deletes: !own && may('delete', this.room, this.myRole(model), member ? member.role || 'member' : 'member'),
    };
  }

  myRole(model) {
    return model.owner ? 'owner' : this.role;
  }

  /** As `welcome` tells it. */
  describe(state, readBy) {
    this.topic = state.topic || '';
    this.private = Boolean(state.private);
    this.role = state.role || 'member';
    this.members = state.members || 0;
    this.last = state.last || 0;
    this.read = state.read || 0;
    this.unread = state.unread || 0;
    this.mentions = this.direct ? this.unread : state.mentions || 0;
    this.mutedUntil = state.muted_until ? Date.parse(state.muted_until) : 0;
    this.readBy = readBy || {};
    this.roster.clear();
  }

  /** A message of somebody else came unseen. */
  count(event, me) {
    this.unread += 1;
    if (this.direct || mentioned(event.text, me)) this.mentions += 1;
  }

  /** An unread message was deleted. */
  uncount(entry, me) {
    if (entry.kind !== 'said' || entry.user === me) return;
    this.unread -= 1;
    if (this.direct || mentioned(entry.text, me)) this.mentions -= 1;
    this.mentions = Math.max(0, Math.min(this.mentions, this.unread));
  }

  /** I read up to here on another device. */
  readElsewhere(seq, me) {
    this.read = seq;
    if (seq >= this.last) this.unread = this.mentions = 0;
    else if (this.timeline.newestHeld) this.recount(me);
  }

  /** What of the newest messages is unread, counted anew. */
  recount(me) {
    const unread = [...this.timeline.said()].filter((entry) => entry.seq > this.read && entry.user !== me);
    this.unread = unread.length;
    this.mentions = unread.filter((entry) => this.direct || mentioned(entry.text, me)).length;
  }

  /** The newest message on one line. */
  show(me, nameOf) {
    const newest = this.timeline.said().next().value;
    if (!newest) return;
    const does = action(newest.text);
    const words = gist(does || newest.text, newest.files);
    this.preview = newest.user === me ? `You: ${words}` : does ? `${nameOf(newest.user)} ${words}` : words;
    this.previewAt = newest.at;
  }

  /** Key of my newest message that others have read, and who they are: `{key, names}`, or null. */
  seen(me) {
    const marks = Object.entries(this.readBy).filter(([user]) => user !== me);
    if (!marks.length || (!this.direct && this.members > RECEIPTS)) return null;
    for (const entry of this.timeline.said()) {
      if (entry.user !== me) continue;
      const names = marks.filter(([, seq]) => seq >= entry.seq).map(([user]) => user);
      if (names.length) return {key: String(entry.seq), names: names.sort()};
    }
    return null;
  }
}
