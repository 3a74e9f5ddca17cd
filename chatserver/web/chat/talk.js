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
  unread = 0;
  /** How many there were when it was opened. */
  unreadBefore = 0;
  /** Unread ones that speak to me; in a direct conversation all. */
  mentions = 0;
  preview = '';
  previewAt = 0;
  last = 0;
  read = 0;
  readBy = {};
  /** Its newest event when the numbers of unread were told; after that seqs of what is unread and speaks to me. */
  #described = 0;
  #named = new Set();
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

  /** As a fresh `welcome` tells it. */
  describe(state) {
    this.topic = state.topic || '';
    this.private = Boolean(state.private);
    this.members = state.members || 0;
    this.last = this.#described = state.last || 0;
    this.unread = state.unread || 0;
    this.mentions = this.direct ? this.unread : state.mentions || 0;
    this.read = this.unread ? state.read || 0 : this.last;
    this.kept = this.loading = false;
    this.#named.clear();
    this.roster.clear();
    this.describeMe(state);
  }

  /** What any `welcome` tells of me here. True where that is something else than before. */
  describeMe(state) {
    const [role, mutedUntil] = [state.role || 'member', state.muted_until ? Date.parse(state.muted_until) : 0];
    const changed = role !== this.role || mutedUntil !== this.mutedUntil;
    [this.role, this.mutedUntil] = [role, mutedUntil];
    return changed;
  }

  /** A message of somebody else came unseen. */
  count(event, me) {
    this.unread += 1;
    if (!this.direct && !mentioned(event.text, me)) return;
    this.mentions += 1;
    this.#named.add(event.seq);
  }

  /** A message after the read marker was deleted. `before`: how it was held, null where it was not. Whether it spoke to me
   *  is what its first text said: an edit speaks to nobody anew. */
  uncount(of, before, me) {
    const theirs = before && before.kind === 'said' && before.user !== me;
    const left = this.timeline.othersAfter(this.read);
    if (left) this.unread = left.length;
    else if (!before || theirs) this.unread = Math.max(this.unread - 1, 0);
    const named = theirs && of <= this.#described ? mentioned(before.text, me) : this.#named.has(of);
    this.#named.delete(of);
    this.mentions = this.direct ? this.unread : Math.max(0, Math.min(this.mentions - Number(named), this.unread));
  }

  /** Everything up to its newest event was seen. True where it was not until now. */
  seeAll() {
    const differs = this.unread > 0 || this.mentions > 0;
    this.unread = this.mentions = 0;
    this.#named.clear();
    return differs;
  }

  /** I read up to here on another device. What is loaded tells how much is left. */
  readElsewhere(seq, me) {
    this.read = Math.max(this.read, seq);
    const left = seq >= this.last ? [] : this.timeline.othersAfter(seq);
    if (left && left.length <= this.unread) this.#left(left, me);
  }

  /** What others said from this message on is unread, here and on this device alone. */
  unreadFrom(seq, me) {
    this.#left(this.timeline.othersFrom(seq), me);
    [this.read, this.kept] = [seq - 1, true];
  }

  #left(texts, me) {
    this.unread = texts.length;
    this.mentions = texts.filter((text) => this.direct || mentioned(text, me)).length;
  }

  /** The newest message on one line. */
  show(me, nameOf) {
    if (!this.timeline.newestHeld) return;
    const newest = this.timeline.said().next().value || {text: '', files: [], at: 0};
    const does = action(newest.text);
    const words = gist(does || newest.text, newest.files);
    this.preview = does ? `${nameOf(newest.user)} ${words}` : newest.user === me ? `You: ${words}` : words;
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
