// The panel at the right that searches: a text, where, by whom, since when; hits in groups by room.

import {SPANS, groups, headline, nothing, ready, since} from '../chat/searching.js';
import {avatar} from './avatar.js';
import {colourIndex} from '../chat/names.js';
import {attribute, el, iconButton} from './dom.js';
import {icon} from './icons.js';
import {menu} from './popover.js';

const WAIT = 200;

export class SearchPanel {
  element;
  #query = {text: '', room: '', user: '', span: '', files: false};
  #found = [];
  #more = null;
  #asked = 0;
  #timer = 0;
  #chat;
  #field = el('input', {
    class: 'in',
    type: 'search',
    placeholder: 'Search messages',
    'aria-label': 'Search messages',
    autocomplete: 'off',
  });
  #chips = el('div', {class: 'chips', role: 'group', 'aria-label': 'Filters'});
  #count = el('p', {class: 'count', role: 'status'});
  #list = el('div', {class: 'panel-list hits'});

  /** `chat`: {model, client, files, panel(name), show(room, seq, stay)} */
  constructor(chat) {
    this.#chat = chat;
    this.element = el(
      'section',
      {class: 'panel search', role: 'search', 'aria-label': 'Messages'},
      el(
        'div',
        {class: 'panel-head'},
        el('h2', {class: 'hidden'}, 'Search'),
        el('div', {class: 'grow'}, this.#field),
        iconButton(icon('x'), 'Close the search', () => chat.panel('')),
      ),
      this.#chips,
      this.#count,
      this.#list,
      el(
        'div',
        {class: 'panel-foot keys', 'aria-hidden': 'true'},
        el('span', {}, '↑↓ Move'),
        el('span', {}, 'Enter Open'),
        el('span', {}, 'Esc Close'),
      ),
    );
    this.#field.addEventListener('input', () => this.#typed());
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.#draw();
  }

  focus() {
    this.#field.focus();
    this.#field.select();
  }

  /** Search for this now. */
  look(text) {
    if (!text.trim()) return;
    this.#field.value = text;
    this.#typed();
  }

  #typed() {
    this.#query.text = this.#field.value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), WAIT);
  }

  #set(change) {
    Object.assign(this.#query, change);
    this.#draw();
    this.#search();
  }

  async #search(before = null) {
    const asked = (this.#asked += 1);
    if (!ready(this.#query)) {
      this.#found = [];
      this.#more = null;
      this.#draw();
      return;
    }
    const {text, room, user, span, files} = this.#query;
    const from = since(span, Date.now());
    const slow = setTimeout(() => this.#say('Searching…'), 300);
    try {
      const answer = await this.#chat.client.ask({
        type: 'search',
        text: text.trim(),
        limit: 50,
        ...(room ? {room} : {}),
        ...(user ? {user} : {}),
        ...(from ? {since: from} : {}),
        ...(files ? {files} : {}),
        ...(before ? {before} : {}),
      });
      if (asked !== this.#asked) return;
      this.#found = before ? [...this.#found, ...answer.messages] : answer.messages;
      this.#more = answer.more ? answer.before : null;
      this.#draw();
    } catch (error) {
      if (asked === this.#asked) this.#say(error.message);
    } finally {
      clearTimeout(slow);
    }
  }

  #say(words) {
    this.#count.textContent = words;
  }

  #draw() {
    const {model} = this.#chat;
    const {text, room, user, span, files} = this.#query;
    const chip = (words, on, what, act) =>
      el(
        'button',
        {
          type: 'button',
          class: `chip ${on ? 'on' : ''}`,
          'aria-pressed': String(Boolean(on)),
          'aria-label': on ? `${words}, take this filter away` : `${words}: choose ${what}`,
          onclick: (event) => act(event.currentTarget),
        },
        words,
        (on || what !== 'messages with files') && icon(on ? 'x' : 'down', 14),
      );
    const focused = [...this.#chips.children].indexOf(document.activeElement);
    this.#chips.replaceChildren(
      chip(room ? `In ${model.talks.get(room)?.title || room}` : 'All rooms', room, 'a room', (element) =>
        this.#choose(element, 'room'),
      ),
      chip(user ? `From ${model.nameOf(user)}` : 'Anyone', user, 'a person', (element) =>
        this.#choose(element, 'user'),
      ),
      chip(SPANS[span], span, 'a time', (element) => this.#choose(element, 'span')),
      chip('Files', files, 'messages with files', () => this.#set({files: !files})),
    );
    if (focused >= 0) this.#chips.children[focused].focus();
    const hits = groups(this.#found, text, Date.now(), (name) => model.nameOf(name));
    this.#say(
      !ready(this.#query)
        ? 'Type at least 2 letters. Parts of words are found too.'
        : this.#found.length
          ? headline(this.#found.length, hits.length, this.#more !== null)
          : nothing(this.#query),
    );
    this.#list.replaceChildren(
      ...hits.map((group) => this.#group(group)),
      ...(this.#more
        ? [el('button', {type: 'button', class: 'bt wide', onclick: () => this.#search(this.#more)}, 'Older ones')]
        : []),
    );
  }

  #choose(element, what) {
    if (this.#query[what]) {
      this.#set({[what]: ''});
      return;
    }
    const {model} = this.#chat;
    const people = [...new Set([...(model.talk ? model.talk.roster.keys() : []), ...model.people.keys()])].sort(
      (a, b) => a.localeCompare(b),
    );
    const entries = {
      room: [...model.rooms(), ...model.directs()].map((talk) => ({
        icon: talk.direct ? 'user' : 'hash',
        label: talk.title,
        act: () => this.#set({room: talk.room}),
      })),
      user: people.map((name) => ({icon: 'user', label: model.nameOf(name), act: () => this.#set({user: name})})),
      span: Object.entries(SPANS)
        .filter(([key]) => key)
        .map(([key, label]) => ({icon: 'clock', label, act: () => this.#set({span: key})})),
    }[what];
    if (entries.length) menu(element, element.textContent, [entries.slice(0, 100)], {start: true});
  }

  #group({room, hits}) {
    const {model} = this.#chat;
    const talk = model.talks.get(room);
    return el(
      'section',
      {},
      el(
        'h3',
        {class: 'hit-room'},
        icon(talk && talk.direct ? 'user' : 'hash', 14),
        el('span', {}, talk ? talk.title : room),
        el('span', {class: 'count-of'}, String(hits.length)),
      ),
      el(
        'ul',
        {class: 'list'},
        hits.map((hit) => el('li', {}, this.#hit(hit))),
      ),
    );
  }

  #hit({room, seq, user, name, when, text, marks}) {
    const parts = [];
    let at = 0;
    for (const [begin, end] of marks) {
      parts.push(text.slice(at, begin), el('mark', {}, text.slice(begin, end)));
      at = end;
    }
    const go = (stay) => this.#chat.show(room, seq, stay);
    return el(
      'button',
      {type: 'button', class: 'hit', onclick: () => go(false), onfocus: () => this.#mark(seq), dataset: {seq, room}},
      avatar(user, 32, {person: this.#chat.model.person(user), files: this.#chat.files}),
      el(
        'span',
        {class: 'grow'},
        el(
          'span',
          {class: 'row'},
          el('b', {class: `grow ell k${colourIndex(user)}`}, name),
          el('span', {class: 't11 muted'}, when),
        ),
        el('span', {class: 'two', dir: 'auto'}, ...parts, text.slice(at)),
      ),
    );
  }

  #mark(seq) {
    for (const hit of this.#list.querySelectorAll('.hit'))
      attribute(hit, 'aria-current', hit.dataset.seq === String(seq) ? 'true' : null);
  }

  #key(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#chat.panel('');
      return;
    }
    const hits = [...this.#list.querySelectorAll('.hit')];
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && hits.length) {
      const to = hits.indexOf(document.activeElement) + step;
      event.preventDefault();
      if (to < 0) this.#field.focus();
      else if (hits[to]) {
        hits[to].focus();
        this.#chat.show(hits[to].dataset.room, Number(hits[to].dataset.seq), true);
      }
    } else if (event.key === 'Enter' && event.target === this.#field && hits.length) {
      event.preventDefault();
      hits[0].click();
    }
  }
}
