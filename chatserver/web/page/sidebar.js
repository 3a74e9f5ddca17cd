// The list at the left: the server, rooms, direct conversations, oneself.

import {shortDay} from '../chat/days.js';
import {STATES} from '../chat/completing.js';
import {avatar, sign} from './avatar.js';
import {attribute, el, hidden, iconButton, keyed} from './dom.js';
import {icon} from './icons.js';

export class Sidebar {
  element;
  #rooms = el('ul', {class: 'list', 'aria-labelledby': 'rooms-label'});
  #directs = el('ul', {class: 'list', 'aria-labelledby': 'directs-label'});
  #sign = el('div', {});
  #title = el('div', {class: 't16 ell'}, 'Parley');
  #below = el('div', {class: 't12 muted', role: 'status'});
  #self = el('button', {type: 'button', class: 'self', 'aria-haspopup': 'menu'});
  #theme = el('button', {type: 'button', class: 'ib'});
  #model;
  #use;

  /** `use`: {files, open(room), create(), jump(), self(element), theme()} */
  constructor(model, use) {
    this.#model = model;
    this.#use = use;
    this.#self.addEventListener('click', () => use.self(this.#self));
    this.#theme.addEventListener('click', () => use.theme());
    const plus = iconButton(icon('plus'), 'New room or message', () => use.create(plus), {'aria-haspopup': 'menu'});
    this.element = el(
      'nav',
      {class: 'side', 'aria-label': 'Rooms and people'},
      el('div', {class: 'side-top'}, this.#sign, el('div', {class: 'grow'}, this.#title, this.#below), plus),
      el(
        'button',
        {type: 'button', class: 'jump', onclick: () => use.jump()},
        icon('search', 16),
        el('span', {class: 'grow'}, 'Jump to…'),
        el('kbd', {class: 't11'}, 'Ctrl K'),
      ),
      el(
        'div',
        {class: 'side-lists'},
        el('h2', {class: 'lab', id: 'rooms-label'}, 'Rooms'),
        this.#rooms,
        el('h2', {class: 'lab', id: 'directs-label'}, 'Direct messages'),
        this.#directs,
      ),
      el('div', {class: 'foot'}, this.#self, this.#theme),
    );
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  draw() {
    const model = this.#model;
    const online = model.link.state === 'online';
    this.#title.textContent = model.server || 'Parley';
    if (this.#sign.textContent !== (model.server || 'P')[0].toUpperCase())
      this.#sign.replaceChildren(sign(model.server || 'P', 32));
    const said = online ? `${model.here} online` : model.link.state === 'connecting' ? 'Connecting…' : 'No connection';
    attribute(this.#below, 'aria-live', online ? 'off' : 'polite'); // who comes and goes is not read out
    if (this.#below.textContent !== said) this.#below.textContent = said;
    keyed(
      this.#rooms,
      model.rooms().map((talk) => this.#about(talk)),
      (item) => this.#room(item),
    );
    const directs = model
      .directs()
      .map((talk) => ({
        ...this.#about(talk),
        name: model.nameOf(talk.title),
        preview: talk.preview,
        when: talk.previewAt ? shortDay(talk.previewAt, Date.now()) : '',
        state: model.person(talk.title).state,
        picture: model.person(talk.title).picture || '',
      }));
    keyed(this.#directs, directs, (item) => this.#direct(item));
    this.element.querySelector('#directs-label').hidden = !directs.length;
    this.#drawSelf(online);
  }

  #drawSelf(online) {
    const model = this.#model;
    const person = model.person(model.me);
    const waiting = model.waiting;
    const note =
      !online && waiting
        ? `${waiting} ${waiting === 1 ? 'message' : 'messages'} waiting`
        : person.note || STATES[person.state];
    const reads = JSON.stringify([model.me, person, note]);
    if (this.#self.reads !== reads) {
      this.#self.reads = reads;
      this.#self.replaceChildren(
        avatar(model.me, 36, {person, state: person.state, files: this.#use.files}),
        el(
          'span',
          {class: 'grow'},
          el('b', {class: 'ell block'}, model.nameOf(model.me)),
          el('span', {class: 't12 muted ell block'}, note),
        ),
        hidden('Your profile, status and settings'),
      );
    }
    const dark = document.documentElement.dataset.shown === 'dark';
    attribute(this.#theme, 'aria-label', dark ? 'Light appearance' : 'Dark appearance');
    attribute(this.#theme, 'title', dark ? 'Light appearance' : 'Dark appearance');
    this.#theme.replaceChildren(icon(dark ? 'sun' : 'moon'));
  }

  #about(talk) {
    return {
      key: talk.room,
      name: talk.title,
      title: talk.title,
      private: talk.private,
      unread: talk.unread,
      mentions: talk.mentions,
      here: talk.room === this.#model.current,
    };
  }

  #words({name, unread, mentions, private: secret}) {
    const parts = [name, secret && 'private room', unread && `${unread} unread`, mentions && `${mentions} for you`];
    return parts.filter(Boolean).join(', ');
  }

  #badge({unread, mentions}) {
    if (!unread) return null;
    return el('span', {class: mentions ? 'badge me' : 'badge', 'aria-hidden': 'true'}, String(mentions || unread));
  }

  #button(item, name, children) {
    const classes = [name, item.here && 'on', item.unread && 'unread'];
    return el(
      'li',
      {},
      el(
        'button',
        {
          type: 'button',
          class: classes.filter(Boolean).join(' '),
          'aria-current': item.here ? 'page' : null,
          'aria-label': item.label || this.#words(item),
          onclick: () => this.#use.open(item.key),
        },
        children,
      ),
    );
  }

  #room(item) {
    return this.#button(item, 'room', [
      icon(item.private ? 'lock' : 'hash', 18),
      el('span', {class: 'grow ell'}, item.name),
      this.#badge(item),
    ]);
  }

  #direct(item) {
    const person = {picture: item.picture};
    const label = `${this.#words({...item, mentions: 0})}, ${STATES[item.state]}${item.preview ? `: ${item.preview}` : ''}`;
    return this.#button({...item, label}, 'direct', [
      avatar(item.title, 36, {person, state: item.state, files: this.#use.files}),
      el(
        'span',
        {class: 'grow'},
        el(
          'span',
          {class: 'row'},
          el('span', {class: 'grow ell who'}, item.name),
          el('span', {class: 't11 muted'}, item.when),
        ),
        el(
          'span',
          {class: 'row below'},
          el('span', {class: 't12 grow ell preview'}, item.preview || '\u00a0'),
          this.#badge({...item, mentions: item.unread}),
        ),
      ),
    ]);
  }

  #key(event) {
    if ((event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || event.altKey) return;
    const buttons = [...this.element.querySelectorAll('.room, .direct')];
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    const next = buttons[at + (event.key === 'ArrowUp' ? -1 : 1)];
    if (next) next.focus();
  }
}
