// The list over the composer that says how what is being typed may go on. The keyboard stays in the box.

import {avatar} from './avatar.js';
import {attribute, el} from './dom.js';
import {icon} from './icons.js';

export class Completion {
  element = el('ul', {
    class: 'completion pop',
    role: 'listbox',
    id: 'completion',
    'aria-label': 'Completions',
    hidden: true,
  });
  #box;
  #use;
  #offers = [];
  #at = 0;

  /** `box`: the textarea; `use`: {model, files, chosen(offer)} */
  constructor(box, use) {
    this.#box = box;
    this.#use = use;
  }

  get open() {
    return !this.element.hidden;
  }

  show(offers) {
    this.#offers = offers;
    this.#at = 0;
    this.element.hidden = !offers.length;
    attribute(this.#box, 'aria-controls', offers.length ? 'completion' : null);
    this.element.replaceChildren(...offers.map((offer, i) => this.#item(offer, i)));
    this.#mark();
  }

  close() {
    this.show([]);
  }

  #item(offer, i) {
    return el(
      'li',
      {
        role: 'option',
        id: `offer-${i}`,
        class: `offer ${offer.kind}`,
        onpointerdown: (event) => {
          event.preventDefault();
          this.#use.chosen(offer);
        },
      },
      this.#picture(offer),
      el('span', {class: 'grow ell'}, offer.label, offer.note && el('span', {class: 'note'}, offer.note)),
    );
  }

  #picture({kind, about, insert}) {
    if (kind === 'emoji') return el('span', {class: 'emoji'}, insert);
    if (kind === 'room') return icon('hash', 18);
    if (kind === 'all') return icon('members', 18);
    const person = this.#use.model.person(about);
    return avatar(about, 24, {person, state: person.state, files: this.#use.files});
  }

  #mark() {
    [...this.element.children].forEach((item, i) => attribute(item, 'aria-selected', String(i === this.#at)));
    attribute(this.#box, 'aria-activedescendant', this.open ? `offer-${this.#at}` : null);
  }

  /** True where the key was for the list. */
  key(event) {
    if (!this.open) return false;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#offers.length) % this.#offers.length;
      this.#mark();
    } else if (event.key === 'Tab' || event.key === 'Enter') this.#use.chosen(this.#offers[this.#at]);
    else if (event.key === 'Escape') this.close();
    else return false;
    event.preventDefault();
    return true;
  }
}
