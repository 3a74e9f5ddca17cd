// The bar over a message: three reactions used last, add one, reply, more. Stands in the message that the pointer or the
// keyboard is on.

import {el, iconButton} from './dom.js';
import {icon} from './icons.js';

export class HoverBar {
  element = el('div', {class: 'bar pop', role: 'group', 'aria-label': 'What to do with this message'});
  row = null;
  #use;
  #reads = '';
  /** The menu or picker that it opened keeps it. */
  held = false;

  /** `use`: {reactions(), act(row, deed, more), pick(row, element), menu(row, element)} */
  constructor(use) {
    this.#use = use;
  }

  at(row, article) {
    if (this.held) return;
    if (!row.deeds.length || row.deeds.join() === 'copy') {
      this.leave();
      return;
    }
    this.row = row;
    const reads = JSON.stringify([row.deeds, this.#use.reactions()]);
    if (reads !== this.#reads) {
      this.#reads = reads;
      this.element.replaceChildren(...this.#buttons(row));
    }
    const stack = article.querySelector('.stack') || article;
    if (this.element.parentNode !== stack) stack.append(this.element);
  }

  leave() {
    if (this.held) return;
    this.row = null;
    this.element.remove();
  }

  #buttons({deeds}) {
    const made = [];
    if (deeds.includes('react')) {
      for (const emoji of this.#use.reactions()) {
        made.push(
          el(
            'button',
            {
              type: 'button',
              class: 'ib',
              'aria-label': `React with ${emoji}`,
              onclick: () => this.#use.act(this.row, 'react', emoji),
            },
            el('span', {class: 'emoji'}, emoji),
          ),
        );
      }
      const add = iconButton(icon('addReaction', 18), 'Add a reaction', () => this.#use.pick(this.row, add), {
        'aria-haspopup': 'dialog',
      });
      made.push(el('span', {class: 'split'}), add);
    }
    if (deeds.includes('reply'))
      made.push(iconButton(icon('reply', 18), 'Reply', () => this.#use.act(this.row, 'reply')));
    const more = iconButton(icon('more', 18), 'More', () => this.#use.menu(this.row, more), {'aria-haspopup': 'menu'});
    return [...made, more];
  }
}
