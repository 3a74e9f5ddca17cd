// What stands over a conversation: its name and topic, who is there, and while there is no connection a strip that says so.

import {STATES} from '../chat/completing.js';
import {avatar} from './avatar.js';
import {attribute, el, hidden, iconButton} from './dom.js';
import {icon} from './icons.js';

export class Header {
  element = el('header', {class: 'head', hidden: true});
  banner = el('div', {class: 'banner', role: 'status', hidden: true});
  #use;
  #model;
  #title = el('h2', {class: 't16 ell', tabindex: '-1'});
  #below = el('div', {class: 't12 muted ell topic'});
  #counts = el('div', {class: 't12 muted ell counts'});
  #sign = el('span', {class: 'head-sign'});
  #count = el('span', {'aria-hidden': 'true'});
  #members;
  #search;
  #more;
  #back;
  #sum = el('span', {class: 'badge me'});
  #wait = el('span', {class: 't12 muted wait', 'aria-hidden': 'true'});
  #said = '';

  /** `use`: {files, back(), members(), search(), more(element), retry(), card(user, element)} */
  constructor(model, use) {
    this.#model = model;
    this.#use = use;
    this.#back = el(
      'button',
      {type: 'button', class: 'ib back', onclick: () => use.back()},
      icon('left', 24),
      this.#sum,
      hidden('Back to the rooms'),
    );
    this.#members = el(
      'button',
      {type: 'button', class: 'mp', onclick: () => use.members()},
      icon('members'),
      this.#count,
    );
    this.#search = iconButton(icon('search'), 'Search', () => use.search(), {class: 'ib find'});
    this.#more = iconButton(icon('more'), 'More', () => use.more(this.#more), {'aria-haspopup': 'menu'});
    this.element.append(
      this.#back,
      this.#sign,
      el('div', {class: 'grow'}, this.#title, this.#below, this.#counts),
      this.#members,
      this.#search,
      this.#more,
    );
  }

  focusTitle() {
    this.#title.focus();
  }

  /** `panel`: which panel is open. */
  draw(panel) {
    const model = this.#model;
    const {talk} = model;
    this.element.hidden = !talk;
    if (!talk) return;
    const person = model.person(talk.title);
    const name = talk.direct ? model.nameOf(talk.title) : talk.room;
    if (this.#title.textContent !== name) this.#title.textContent = name;
    const words = this.#words(talk, person);
    if (this.#below.textContent !== words) this.#below.textContent = words;
    const here = [...talk.roster.keys()].filter((user) => model.person(user).state !== 'offline').length;
    this.#counts.textContent =
      talk.direct || !talk.members ? words : `${talk.members} members${here ? `, ${here} online` : ''}`;
    const reads = JSON.stringify([talk.room, talk.private, talk.direct && person]);
    if (this.#sign.dataset.reads !== reads) {
      this.#sign.dataset.reads = reads;
      this.#sign.replaceChildren(
        talk.direct
          ? avatar(talk.title, 32, {person, state: person.state, files: this.#use.files})
          : icon(talk.private ? 'lock' : 'hash'),
      );
    }
    this.#members.hidden = talk.direct;
    this.#count.textContent = talk.members || '';
    attribute(this.#members, 'aria-label', `Members${talk.members ? `, ${talk.members}` : ''}`);
    attribute(this.#members, 'title', 'Members');
    attribute(this.#members, 'aria-expanded', String(panel === 'members'));
    attribute(this.#search, 'aria-expanded', String(panel === 'search'));
    const sum = [...model.talks.values()].reduce((all, each) => all + (each === talk ? 0 : each.mentions), 0);
    this.#sum.textContent = sum || '';
    this.#sum.hidden = !sum;
  }

  #words(talk, person) {
    if (talk.direct)
      return talk.title === this.#model.me
        ? 'Only you see this'
        : STATES[person.state] + (person.note ? `: ${person.note}` : '');
    if (talk.topic) return talk.topic;
    return talk.members ? `${talk.members} ${talk.members === 1 ? 'member' : 'members'}` : '';
  }

  /** The strip while there is no connection; `now` in milliseconds. */
  drawLink(now) {
    const {link, server} = this.#model;
    this.banner.hidden = link.state !== 'offline';
    if (this.banner.hidden) {
      this.#said = '';
      this.banner.replaceChildren();
      return;
    }
    const said = `${server || 'The server'} does not answer.`;
    if (this.#said !== said) {
      this.#said = said;
      this.banner.replaceChildren(
        icon('offline', 18),
        el(
          'span',
          {class: 'grow'},
          el('b', {}, said),
          el('span', {class: 'long'}, ' Your messages wait here and go out by themselves.'),
        ),
        this.#wait,
        el('button', {type: 'button', class: 'bt s', onclick: () => this.#use.retry()}, 'Try now'),
      );
    }
    const seconds = Math.max(0, Math.ceil((link.retryAt - now) / 1000));
    this.#wait.textContent = link.retryAt && seconds ? `Next try in ${seconds} s` : 'Trying now';
  }
}
