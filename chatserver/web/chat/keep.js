// What this browser keeps of one server: who is signed in, changes that are on their way, drafts, habits.
//
// A change that waits stands under a key of its own, written before anybody is shown it, so that two tabs never overwrite
// one another: a tab that opens takes all of them, and sending one twice is harmless, because its id is the same.

const ROOT = 'parley:';
const HABITS = {theme: '', notify: false, used: [], reactions: ['👍', '❤️', '😂'], skin: '', server: ''};

export class Keep {
  #store;

  constructor(store = localStorage) {
    this.#store = store;
  }

  #get(key, otherwise) {
    try {
      const found = this.#store.getItem(ROOT + key);
      return found === null ? otherwise : JSON.parse(found);
    } catch {
      return otherwise; // what cannot be read any more is as good as not there
    }
  }

  /** False where the browser has no room left. */
  #put(key, value) {
    if (value === undefined) this.#store.removeItem(ROOT + key);
    else {
      try {
        this.#store.setItem(ROOT + key, JSON.stringify(value));
      } catch (error) {
        if (error.name !== 'QuotaExceededError') throw error;
        return false;
      }
    }
    return true;
  }

  /** `{user, token}` of who is signed in here, or null. */
  get who() {
    return this.#get('who', null);
  }

  set who(who) {
    this.#put('who', who || undefined);
  }

  /** A habit by its name: theme, notify, used, reactions, skin, server. */
  habit(name) {
    return this.#get(name, HABITS[name]);
  }

  setHabit(name, value) {
    this.#put(name, value);
  }

  /** An emoji was used; for reacting also. */
  used(emoji, reacting = false) {
    this.setHabit('used', [...this.habit('used'), emoji].slice(-100));
    if (reacting) this.setHabit('reactions', [...new Set([emoji, ...this.habit('reactions')])].slice(0, 3));
  }

  draft(user, room) {
    return this.#get(`draft:${user}:${room}`, '');
  }

  setDraft(user, room, text) {
    this.#put(`draft:${user}:${room}`, text || undefined);
  }

  // --- changes on their way -----------------------------------------------------------------------------------------

  /** All that wait, in the order in which they were queued: `[{at, change, failed?}]`. */
  waiting(user) {
    const prefix = `${ROOT}out:${user}:`;
    const keys = Object.keys(this.#store)
      .filter((key) => key.startsWith(prefix))
      .sort();
    return keys.map((key) => this.#get(key.slice(ROOT.length), null)).filter(Boolean);
  }

  /** False where there is no room left. */
  keepChange(user, at, change, failed = '') {
    return this.#put(this.#place(user, at, change.id), {at, change, ...(failed ? {failed} : {})});
  }

  /** Is it still kept, or did another tab do with it what was to be done? */
  keeps(user, at, id) {
    return this.#store.getItem(ROOT + this.#place(user, at, id)) !== null;
  }

  dropChange(user, at, id) {
    this.#put(this.#place(user, at, id), undefined);
  }

  #place(user, at, id) {
    return `out:${user}:${String(at).padStart(16, '0')}:${id}`;
  }

  /** Signed out: nothing of this person stays. */
  forget(user) {
    const theirs = [`${ROOT}out:${user}:`, `${ROOT}draft:${user}:`];
    for (const key of Object.keys(this.#store)) {
      if (theirs.some((prefix) => key.startsWith(prefix))) this.#store.removeItem(key);
    }
    this.who = null;
  }
}
