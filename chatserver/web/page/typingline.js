// The line over the composer that says who is writing.

import {avatar} from './avatar.js';
import {el} from './dom.js';
import {icon} from './icons.js';

const SEVERAL = 3;

/** `carol is typing`, `carol and bob are typing`, `Several people are typing`. */
export function words(names) {
  if (!names.length) return '';
  if (names.length >= SEVERAL) return 'Several people are typing';
  return names.length === 1 ? `${names[0]} is typing` : `${names[0]} and ${names[1]} are typing`;
}

export class TypingLine {
  element = el('div', {class: 'typing', 'aria-live': 'off'});
  #model;
  #files;
  #shown = '';

  constructor(model, files) {
    this.#model = model;
    this.#files = files;
  }

  draw() {
    const {talk} = this.#model;
    const users = talk ? this.#model.typing(talk.room) : [];
    const reads = users.join();
    if (reads === this.#shown) return;
    this.#shown = reads;
    const faces =
      users.length < SEVERAL
        ? users.map((user) => avatar(user, 16, {person: this.#model.person(user), files: this.#files}))
        : [icon('members', 16)];
    this.element.replaceChildren(
      ...(users.length
        ? [
            ...faces,
            el('span', {class: 'dots', 'aria-hidden': 'true'}, el('i', {}), el('i', {}), el('i', {})),
            el('span', {}, words(users.map((user) => this.#model.nameOf(user)))),
          ]
        : []),
    );
  }
}
