// Going from place to place: rooms, people, one message among many. `Chat` is this with all that is drawn.

import {newRoom} from './roomdialogs.js';
import {switcher} from './switcher.js';

/** Of `Chat` it uses client, model, keep, view, composer, header, sidebar, history, made(), draw(), drawNow(), panel(). */
export class Going {
  /** The room that is to be opened as soon as one is in it. */
  _wish = null;

  /** Look at this conversation; null: at the rooms (on a phone). */
  open(room, focus = true) {
    const {model} = this;
    if (room !== null && !model.talks.has(room)) {
      this._wish = room;
      return;
    }
    const before = model.current;
    model.open(room);
    this.drawNow();
    if (room) this.keep.setHabit('room', room);
    history.replaceState(null, '', room ? `#${encodeURIComponent(room)}` : '#');
    if (room === null) {
      const button = [...this.sidebar.element.querySelectorAll('[data-key]')].find(
        (item) => item.dataset.key === before,
      );
      if (button) button.querySelector('button').focus();
    } else if (focus && matchMedia('(hover: hover)').matches) this.composer.focus();
    else if (focus) this.header.focusTitle();
  }

  /** A room that came to be: open it if it was asked for. */
  arrivedAt() {
    const {model} = this;
    if (this._wish && model.talks.has(this._wish)) {
      const room = this._wish;
      this._wish = null;
      this.open(room);
    }
  }

  write(user) {
    this.open(this.model.directWith(user));
  }

  async join(room) {
    if (!this.model.talks.has(room)) {
      try {
        await this.made({type: 'join', room});
      } catch (error) {
        this.complain(error.message);
        return;
      }
      this._wish = room;
    } else this.open(room);
    this.arrivedAt();
  }

  create(name) {
    newRoom(this, name);
  }

  jump() {
    switcher(this);
  }

  /** To the newest message. */
  newest() {
    const {talk} = this.model;
    if (!talk) return;
    if (!talk.timeline.attached) {
      this.model.attach(talk.room);
      this.drawNow();
      this.history.opened();
    }
    this.view.toEnd();
    this.model.focus(this.model.focused);
    this.draw();
  }

  /** Show one message; `stay`: the keyboard stays where it is. */
  async show(room, seq, stay = false) {
    if (!this.model.talks.has(room)) return;
    if (this.model.current !== room) this.open(room, false);
    if (!(await this.history.reach(room, seq))) return;
    this.drawNow();
    this.view.goTo(String(seq));
    if (stay) return;
    if (this.shownPanel === 'search') this.panel('');
    this.view.focusRow(String(seq));
  }

  /** Where an address leads inside this chat: what to do then; null for elsewhere. */
  place(address) {
    if (!/^chats?:/i.test(address)) return null;
    let url, room;
    try {
      url = new URL(address.replace(/^chats?:/i, 'http:'));
      room = decodeURIComponent(url.pathname.slice(1));
    } catch {
      return null; // somebody wrote what is no address: it leads nowhere
    }
    if (url.host !== location.host || !room) return null;
    const seq = Number(url.searchParams.get('message'));
    return () => (this.model.talks.has(room) && seq ? this.show(room, seq) : this.join(room));
  }
}
