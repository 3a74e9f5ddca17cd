// What stands in a conversation in which nothing was said yet: its first line, and what one may do there.

import {spoken} from '../chat/days.js';
import {el} from './dom.js';
import {icon, mark} from './icons.js';
import {setTopic} from './menus.js';

/** A room with more notices than this is no longer at its beginning. */
const MOST = 40;

export class Empty {
  element = el('div', {class: 'empty', hidden: true});
  #chat;
  #reads = '';

  /** `chat`: {model, invite(), made(), complain()} */
  constructor(chat) {
    this.#chat = chat;
  }

  draw() {
    const {talk} = this.#chat.model;
    const shown = Boolean(talk) && silent(talk.timeline);
    this.element.hidden = !shown;
    if (!shown) return;
    const sentence = this.#sentence(talk);
    const reads = JSON.stringify([talk.room, talk.topic, sentence]);
    if (reads === this.#reads) return;
    this.#reads = reads;
    this.element.replaceChildren(
      mark(64),
      el('h3', {}, this.#heading(talk)),
      el('p', {class: 'muted'}, sentence),
      ...(talk.direct ? [] : [this.#offers(talk)]),
    );
  }

  #heading(talk) {
    return `This is the first line ${talk.direct ? `with ${this.#chat.model.nameOf(talk.title)}` : `of ${talk.room}`}`;
  }

  #sentence(talk) {
    if (talk.direct) return 'Say hello.';
    const {me} = this.#chat.model;
    const first = talk.timeline.count ? talk.timeline.row(0) : {};
    const made = first.user === me && first.text === `${me} made this room`;
    return `${made ? `You made the room ${spoken(first.at, Date.now())}. ` : ''}Say hello, or ask somebody in.`;
  }

  #offers(talk) {
    return el(
      'div',
      {class: 'row gap8'},
      el(
        'button',
        {type: 'button', class: 'bt pri', onclick: () => this.#chat.invite()},
        icon('plus', 18),
        'Invite people',
      ),
      !talk.topic && el('button', {type: 'button', class: 'bt', onclick: () => setTopic(this.#chat)}, 'Set a topic'),
    );
  }
}

/** Is it known that nothing was said here yet? */
function silent(timeline) {
  if (!timeline.complete || !timeline.attached || timeline.count > MOST) return false;
  for (let i = 0; i < timeline.count; i += 1) if (timeline.row(i).kind !== 'notice') return false;
  return true;
}
