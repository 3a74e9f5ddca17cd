// The right half of the sign-in page: what is said, and the line of the history that it becomes.

import {avatar} from './avatar.js';
import {el} from './dom.js';
import {icon} from './icons.js';
import {colourIndex} from '../chat/names.js';

const SAID = [
  [41, 'bob', '09:12', '09:12:27', 'Morning! Coffee is on in the kitchen', false],
  [42, 'alice', '09:13', '09:13:04', 'On my way. Shall I bring the plum cake? 🍰', true],
  [43, 'carol', '09:13', '09:13:41', 'Please do. I will tell the others', false],
];

export function story() {
  return el(
    'aside',
    {class: 'story', 'aria-label': 'What Parley does'},
    el(
      'div',
      {'aria-hidden': 'true'},
      SAID.flatMap(part),
      el('div', {class: 'record'}, el('span', {class: 'seq'}, '44'), el('span', {class: 'cursor'})),
    ),
    el('h2', {}, 'Every word in one plain text file'),
    el(
      'p',
      {},
      'The server keeps what is said, line by line, in ',
      el('code', {}, 'chat_history.txt'),
      '. You can read it, search it, copy it and keep it, without Parley.',
    ),
  );
}

function part([seq, user, clock, at, text, own]) {
  const bubble = el(
    'div',
    {class: 'bubble'},
    own ? '' : el('div', {class: `name k${colourIndex(user)}`}, user),
    el('div', {class: 'text'}, text, el('span', {class: 'time'}, clock, own && icon('check', 14, 2))),
  );
  return [
    el(
      'div',
      {class: `message first last ${own ? 'own' : ''}`},
      own ? '' : avatar(user, 32),
      el('div', {class: 'stack'}, bubble),
    ),
    el(
      'div',
      {class: 'record'},
      el('span', {class: 'seq'}, String(seq)),
      `  2026-11-20T${at}Z  lobby  ${user}  message  text=${text}`,
    ),
  ];
}
