// The panel at the right that says who is in the room, and the card of one person.

import {STATES} from '../chat/completing.js';
import {MONTHS, duration, spoken} from '../chat/days.js';
import {may} from '../chat/rights.js';
import {avatar} from './avatar.js';
import {el, hidden, iconButton, keyed} from './dom.js';
import {icon} from './icons.js';
import {confirm, menu, popover} from './popover.js';

const GROUPS = [
  ['Online', ['online', 'busy']],
  ['Away', ['away']],
  ['Offline', ['offline']],
];
const MUTES = [10, 60, 480, 1440];

export class Members {
  element;
  #list = el('div', {class: 'panel-list'});
  #find = el('input', {
    class: 'in',
    type: 'search',
    placeholder: 'Find a member',
    'aria-label': 'Find a member',
    oninput: () => this.draw(),
  });
  #chat;

  /** `chat`: {model, client, files, panel(name), write(user), mention(user), invite(), complain} */
  constructor(chat) {
    this.#chat = chat;
    this.element = el(
      'section',
      {class: 'panel members', 'aria-label': 'Members'},
      el(
        'div',
        {class: 'panel-head'},
        el('h2', {class: 't16 grow'}, 'Members'),
        iconButton(icon('x'), 'Close the members', () => chat.panel('')),
      ),
      el('div', {class: 'panel-find'}, this.#find),
      this.#list,
      el(
        'div',
        {class: 'panel-foot'},
        el(
          'button',
          {type: 'button', class: 'bt wide', onclick: () => chat.invite()},
          icon('plus', 18),
          'Invite people',
        ),
      ),
    );
  }

  focus() {
    this.#find.focus();
  }

  draw() {
    const {model} = this.#chat;
    const {talk} = model;
    if (!talk) return;
    const typed = this.#find.value.trim().toLowerCase();
    const people = [...talk.roster.values()]
      .map((member) => ({...member, ...this.#shown(member)}))
      .filter(({user, name}) => user.toLowerCase().includes(typed) || name.toLowerCase().includes(typed))
      .sort((a, b) => a.name.localeCompare(b.name));
    const on = this.#list.contains(document.activeElement) ? document.activeElement.dataset.key : '';
    const groups = GROUPS.map(([label, states]) => ({
      key: label,
      members: people.filter(({state}) => states.includes(state)),
    }));
    keyed(
      this.#list,
      groups.filter(({members}) => members.length),
      ({key, members}) =>
        el(
          'section',
          {},
          el('h3', {class: 'lab'}, `${key}, ${members.length}`),
          el(
            'ul',
            {class: 'list'},
            members.map((member) => this.#member(member)),
          ),
        ),
    );
    this.#refocus(on);
  }

  /** The keyboard on this person, who was drawn anew, unless it is elsewhere by now. */
  #refocus(user) {
    const again = user && document.activeElement === document.body && this.#of(user);
    if (again) again.focus();
  }

  #of(user) {
    return [...this.#list.querySelectorAll('.member')].find((card) => card.dataset.key === user);
  }

  #shown(member) {
    const person = this.#chat.model.people.has(member.user) ? this.#chat.model.person(member.user) : member;
    return {
      name: this.#chat.model.nameOf(member.user),
      state: person.state || 'offline',
      note: person.note || '',
      picture: person.picture || '',
    };
  }

  #member(member) {
    const {user, name, state, note, role, picture} = member;
    const words = note || (user === this.#chat.model.me ? 'You' : state === 'online' ? '' : STATES[state]);
    const card = el(
      'button',
      {
        type: 'button',
        class: 'member',
        dataset: {key: user},
        'aria-haspopup': 'dialog',
        onclick: () => this.card(user, card),
      },
      avatar(user, 32, {person: {picture}, state, files: this.#chat.files}),
      el(
        'span',
        {class: 'grow'},
        el(
          'span',
          {class: 'row'},
          el('span', {class: `ell ${state === 'offline' ? 'muted' : ''}`}, name),
          hidden(`, ${STATES[state]} `),
          tag(role),
        ),
        words && el('span', {class: 't12 muted ell block'}, words),
      ),
    );
    return el('li', {}, card);
  }

  /** The card of a person. */
  card(user, anchor) {
    const {model, files} = this.#chat;
    const member = model.talk.roster.get(user) || {user};
    const {name, state, note, picture} = this.#shown(member);
    const since = member.since ? new Date(member.since) : null;
    let box = null;
    const act = (does) => () => {
      box.hidePopover();
      does();
    };
    const items = this.#deeds(member, act);
    box = popover(
      anchor,
      [
        el(
          'div',
          {class: 'row card-top'},
          avatar(user, 56, {person: {picture}, files}),
          el(
            'div',
            {class: 'grow'},
            el('div', {class: 'row'}, el('b', {class: 't16 ell'}, name), tag(member.role)),
            name !== user && el('div', {class: 't12 muted'}, user),
            el('div', {class: 't12 muted'}, STATES[state]),
          ),
        ),
        note && el('p', {}, note),
        since &&
          el(
            'p',
            {class: 't12 muted'},
            `On ${model.server} since ${since.getDate()} ${MONTHS[since.getMonth()]} ${since.getFullYear()}`,
          ),
        member.muted_until &&
          Date.parse(member.muted_until) > Date.now() &&
          el('p', {class: 't12 muted'}, `Muted here until ${spoken(Date.parse(member.muted_until), Date.now())}`),
        el(
          'div',
          {class: 'row card-buttons'},
          el('button', {type: 'button', class: 'bt pri grow', onclick: act(() => this.#chat.write(user))}, 'Message'),
          !model.talk.direct &&
            user !== model.me &&
            el('button', {type: 'button', class: 'bt', onclick: act(() => this.#chat.mention(user))}, 'Mention'),
        ),
        items.length > 0 && el('div', {class: 'card-deeds'}, items),
      ],
      {label: name, className: 'card', closed: () => this.#refocus(user)},
    );
    box.querySelector('button').focus();
  }

  #deeds(member, act) {
    const {model, client} = this.#chat;
    const {talk} = model;
    const {user} = member;
    const able = (deed) => may(deed, talk.room, talk.myRole(model), member.role || 'member', user === model.me);
    const change = (about) => client.change({room: talk.room, user, ...about});
    const item = (shape, words, does, danger) =>
      el('button', {type: 'button', class: `mi ${danger ? 'danger' : ''}`, onclick: act(does)}, icon(shape, 18), words);
    const found = [];
    if (able('mute')) {
      if (member.muted_until && Date.parse(member.muted_until) > Date.now())
        found.push(item('mute', 'Let speak again', () => change({type: 'mute', minutes: 0})));
      else found.push(item('mute', 'Mute in this room', () => this.#mute(change)));
    }
    if (able('role')) {
      const moderates = member.role === 'moderator';
      found.push(
        item('shield', moderates ? 'Remove as moderator' : 'Make a moderator', () =>
          change({type: 'role', role: moderates ? 'member' : 'moderator'}),
        ),
      );
    }
    const sure = async (words, about) => {
      const {name} = this.#shown(member);
      if (
        await confirm(
          `${words} ${name}?`,
          `${name} can ${about.type === 'ban' ? 'not come back' : 'be invited again'}.`,
          words,
        )
      )
        change(about);
    };
    if (able('kick')) found.push(item('out', `Remove from ${talk.room}`, () => sure('Remove', {type: 'kick'}), true));
    if (able('ban')) found.push(item('alert', `Ban from ${talk.room}`, () => sure('Ban', {type: 'ban'}), true));
    return found;
  }

  #mute(change) {
    menu(this.element.querySelector('.panel-head'), 'For how long', [
      MUTES.map((minutes) => ({
        icon: 'mute',
        label: `For ${duration(minutes)}`,
        act: () => change({type: 'mute', minutes}),
      })),
    ]);
  }
}

function tag(role) {
  if (role === 'owner') return el('span', {class: 'tag owner'}, icon('crown', 12), 'Owner');
  return role === 'moderator' ? el('span', {class: 'tag'}, icon('shield', 12), 'Moderator') : null;
}
