// Telling a person who looks elsewhere: the title of the page, notifications of the system where they were asked for, and
// what a screen reader reads out.

import {action, gist} from '../chat/gist.js';
import {el} from './dom.js';

const READ_OUT = 6;

export class Notify {
  /** Read out politely. */
  log = el('div', {class: 'hidden', role: 'log', 'aria-live': 'polite', 'aria-label': 'New messages'});
  status = el('div', {class: 'hidden', role: 'status'});
  #keep;
  #use;

  /** `use`: {model, open(room), complain} */
  constructor(keep, use) {
    this.#keep = keep;
    this.#use = use;
  }

  get on() {
    return this.#keep.habit('notify') && 'Notification' in window && Notification.permission === 'granted';
  }

  /** Asked for by a click, and only then. */
  async turn(on) {
    if (on && !('Notification' in window))
      this.#use.complain('This browser has no notifications, or the page is not served securely.');
    else if (on && (await Notification.requestPermission()) !== 'granted')
      this.#use.complain('The browser was told to show no notifications of this page. Its settings can change that.');
    else {
      this.#keep.setHabit('notify', on);
      this.say(on ? 'You will be notified of mentions and direct messages.' : 'Notifications are off.');
    }
  }

  say(words) {
    this.status.textContent = '';
    this.status.textContent = words;
  }

  /** Messages came: `[{talk, event, speaks}]`. */
  came(list) {
    const {model} = this.#use;
    for (const {talk, event, speaks} of list) {
      const name = model.nameOf(event.user);
      const does = action(event.text);
      const words = `${does ? `${name} ${does}` : `${name}: ${gist(event.text, event.files || [])}`}`;
      const here = talk.room === model.current;
      if (here || speaks)
        this.#readOut(here ? words : `${talk.direct ? 'Direct message' : `In ${talk.room}`}, ${words}`);
      if (speaks && this.on && (document.hidden || !document.hasFocus())) this.#show(talk, name, words);
    }
  }

  #readOut(words) {
    this.log.append(el('p', {}, words));
    while (this.log.children.length > READ_OUT) this.log.firstChild.remove();
  }

  #show(talk, name, words) {
    const shown = new Notification(talk.direct ? name : `${name} in ${talk.room}`, {
      body: words,
      tag: talk.room,
      renotify: true,
      icon: '/assets/icon.svg',
    });
    shown.onclick = () => {
      window.focus();
      this.#use.open(talk.room);
      shown.close();
    };
  }

  /** The title says what waits. */
  title() {
    const {model} = this.#use;
    const name = model.talk ? (model.talk.direct ? model.nameOf(model.talk.title) : model.talk.room) : '';
    const words = [name, model.server || 'Parley'].filter(Boolean).join(', ');
    document.title = model.badge ? `(${model.badge}) ${words}` : words;
  }
}
