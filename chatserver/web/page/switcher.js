// Ctrl+K: go to a room or a person by a few letters, join a public room, or make one.

import {STATES} from '../chat/completing.js';
import {nameTrouble} from '../chat/names.js';
import {avatar} from './avatar.js';
import {attribute, el} from './dom.js';
import {icon} from './icons.js';
import {modal} from './popover.js';

const ROOMS = 7;
const PEOPLE = 5;

/** `chat`: {model, client, files, open(room), write(user), join(room), create(name), panel(name, text)} */
export function switcher(chat) {
  const field = el('input', {
    class: 'plain-in',
    placeholder: 'Jump to…',
    role: 'combobox',
    'aria-label': 'Jump to a room or a person',
    'aria-expanded': 'true',
    'aria-controls': 'switcher-list',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const list = el('div', {class: 'switcher-list', role: 'listbox', id: 'switcher-list', 'aria-label': 'Places'});
  const made = el(
    'dialog',
    {class: 'dialog switcher', 'aria-label': 'Jump to'},
    el('div', {class: 'switcher-head'}, icon('search'), field, el('kbd', {class: 'key'}, 'Esc')),
    list,
    el(
      'div',
      {class: 'switcher-foot keys', 'aria-hidden': 'true'},
      el('span', {}, '↑↓ Move'),
      el('span', {}, 'Enter Open'),
      el('span', {}, '# Rooms only'),
      el('span', {}, '@ People only'),
    ),
  );
  let others = [];
  // Without a connection there are one's own rooms.
  const asked = chat.client.ask({type: 'rooms'}).then(
    ({rooms}) => {
      others = rooms.filter(({room}) => !chat.model.talks.has(room));
      if (made.isConnected) draw();
    },
    () => null,
  );
  let places = [];
  let at = 0;
  const mark = () => {
    [...list.querySelectorAll('[role=option]')].forEach((item, i) => {
      attribute(item, 'aria-selected', String(i === at));
      if (i === at) item.scrollIntoView({block: 'nearest'});
    });
    attribute(field, 'aria-activedescendant', places.length ? `place-${at}` : null);
  };
  const draw = () => {
    const sections = found(field.value, chat, others);
    places = sections.flatMap((section) => section.places);
    at = Math.max(
      0,
      places.findIndex((place) => !place.here),
    );
    let number = 0;
    list.replaceChildren(
      ...sections.map(({label, places: part}) =>
        el(
          'div',
          {role: 'group', 'aria-label': label},
          el('div', {class: 't12 b muted switcher-lab', 'aria-hidden': 'true'}, label),
          part.map((place) => {
            const item = row(place, number, chat, () => choose(place));
            const here = number;
            item.addEventListener('pointermove', () => {
              at = here;
              mark();
            });
            number += 1;
            return item;
          }),
        ),
      ),
    );
    mark();
  };
  const choose = (place) => {
    made.close();
    place.act();
  };
  field.addEventListener('input', draw);
  made.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && places.length) {
      event.preventDefault();
      at = (at + step + places.length) % places.length;
      mark();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      asked.then(() => places[at] && made.isConnected && choose(places[at])); // the rooms of others count as well
    }
  });
  made.addEventListener('click', (event) => event.target === made && made.close());
  modal(made);
  field.focus();
  draw();
}

function row(place, number, {files, model}, act) {
  const sign = place.person
    ? avatar(place.person, 24, {person: model.person(place.person), state: model.person(place.person).state, files})
    : icon(place.icon, 18);
  const {label, begin, length} = place;
  const words =
    begin < 0
      ? [label]
      : [label.slice(0, begin), el('b', {}, label.slice(begin, begin + length)), label.slice(begin + length)];
  return el(
    'div',
    {class: 'mi place', role: 'option', id: `place-${number}`, onclick: act},
    el('span', {class: 'sign'}, sign),
    el('span', {class: 'grow ell'}, ...words, place.note && el('span', {class: 'note'}, place.note)),
    place.unread > 0 && el('span', {class: place.mine ? 'badge me' : 'badge'}, String(place.unread)),
  );
}

/** What the letters find, in sections. */
function found(typed, chat, others) {
  const {model} = chat;
  const only = /^[#@]/.test(typed.trim()) ? typed.trim()[0] : '';
  const letters = typed.trim().slice(only.length).toLowerCase();
  const fits = (place) => ({
    ...place,
    begin: letters ? place.label.toLowerCase().indexOf(letters) : -1,
    length: letters.length,
  });
  const best = (places, most) =>
    places
      .map(fits)
      .filter((place) => !letters || place.begin >= 0)
      .sort(
        (a, b) =>
          (letters ? (a.begin > 0) - (b.begin > 0) : (b.unread > 0) - (a.unread > 0)) || (a.far || 0) - (b.far || 0),
      )
      .slice(0, most);
  const rooms = [
    ...model
      .rooms()
      .map((talk) => ({
        label: talk.room,
        icon: talk.private ? 'lock' : 'hash',
        unread: talk.mentions || talk.unread,
        mine: talk.mentions > 0,
        here: talk.room === model.current,
        note: talk.room === model.current ? 'You are here' : talk.topic,
        act: () => chat.open(talk.room),
      })),
    ...others.map(({room, topic}) => ({
      label: room,
      icon: 'hash',
      unread: 0,
      far: 1,
      note: `Join${topic ? `: ${topic}` : ''}`,
      act: () => chat.join(room),
    })),
  ];
  const names = new Set([...model.directs().map((talk) => talk.title), ...model.people.keys()]);
  names.delete(model.me);
  const people = [...names].map((user) => {
    const talk = model.directs().find((each) => each.title === user);
    const person = model.person(user);
    return {
      label: model.nameOf(user),
      person: user,
      unread: talk ? talk.unread : 0,
      mine: true,
      here: Boolean(talk) && talk.room === model.current,
      far: talk ? 0 : 1,
      note: STATES[person.state] + (person.note ? `: ${person.note}` : ''),
      act: () => chat.write(user),
    };
  });
  const more = [];
  if (letters && only !== '@') {
    more.push({
      label: `Search messages for “${typed.trim()}”`,
      icon: 'search',
      begin: -1,
      act: () => chat.panel('search', typed.trim()),
    });
    const taken = rooms.some((place) => place.label.toLowerCase() === letters);
    if (!taken && !nameTrouble(typed.trim().slice(only.length), 64))
      more.push({
        label: `Create a room called “${typed.trim().slice(only.length)}”`,
        icon: 'plus',
        begin: -1,
        act: () => chat.create(typed.trim().slice(only.length)),
      });
  }
  return [
    only === '@' ? null : {label: 'Rooms', places: best(rooms, ROOMS)},
    only === '#' ? null : {label: 'People', places: best(people, PEOPLE)},
    {label: 'More', places: more},
  ].filter((section) => section && section.places.length);
}
