// One row of a conversation as an element: a separator, a bubble, what stands under it. Makes; keeps nothing.

import {avatar} from './avatar.js';
import {el, hidden} from './dom.js';
import {filesOf} from './filebox.js';
import {icon} from './icons.js';
import {people} from '../chat/notices.js';
import {prose} from './prose.js';
import {colourIndex} from '../chat/names.js';

const STATES = {sending: ['clock', 12, 'Sending'], waiting: ['clock', 12, 'Waiting'], sent: ['check', 14, 'Sent']};

/** The element of a row. `use`: {model, files, view, save, act(row, deed, more), place(address), date(at)};
 *  `seen`: who has read it, in words, or ''. */
export function rowView(row, use, seen) {
  const made = el('div', {class: 'entry'});
  if (row.day) made.append(dayOf(row, use));
  if (row.unread) made.append(el('div', {class: 'new'}, 'New messages'));
  made.append(BODIES[row.kind](row, use, seen));
  return made;
}

/** The separator of a day; with a keyboard there is Ctrl+G. */
const dayOf = (row, use) =>
  el(
    'h3',
    {class: 'day'},
    el('button', {type: 'button', tabindex: '-1', title: 'Go to a date', onclick: () => use.date(row.at)}, row.day),
  );

const BODIES = {
  notice: (row) => el('p', {class: 'notice'}, icon('members', 14), el('span', {}, row.text)),
  action: (row, use) => {
    const made = message(row, 'act');
    made.append(
      el(
        'p',
        {class: 'action'},
        el('b', {class: `k${colourIndex(row.user)}`}, row.name),
        ' ',
        el('i', {}, ...inline(row, use)),
        time(row),
      ),
      ...under(row, use, ''),
    );
    return made;
  },
  tombstone: (row, use) => {
    const made = message(row, '');
    made.append(
      picture(row, use),
      el(
        'div',
        {class: 'stack'},
        el('div', {class: 'bubble tomb'}, el('span', {class: 'line'}, icon('trash', 14), row.text), time(row)),
      ),
    );
    return made;
  },
  message: (row, use, seen) => {
    const made = message(row, '');
    made.append(picture(row, use), el('div', {class: 'stack'}, bubble(row, use), ...under(row, use, seen)));
    return made;
  },
};

function message(row, more) {
  const classes = [
    'message',
    row.own && 'own',
    row.first && 'first',
    row.last && 'last',
    row.state === 'failed' && 'failed',
    more,
  ];
  const label = `${row.own ? 'You' : row.name}, ${row.state === 'failed' ? 'not sent' : row.clock}`;
  return el('article', {class: classes.filter(Boolean).join(' '), tabindex: '-1', 'aria-label': label});
}

const inline = (row, use) => prose(row.text, use.model.me, null, use).flatMap((block) => [...block.childNodes]);

const picture = (row, use) =>
  row.own
    ? ''
    : row.last
      ? avatar(row.user, 32, {person: use.model.person(row.user), files: use.files})
      : el('span', {class: 'gap'});

function bubble(row, use) {
  const made = el('div', {class: 'bubble'});
  if (row.first && !row.own) made.append(el('div', {class: `name k${colourIndex(row.user)}`}, row.name));
  if (row.reply) made.append(quote(row, use));
  if (row.files.length) made.append(...filesOf(row, use));
  if (row.text) made.append(...prose(row.text, use.model.me, time(row), use));
  else made.append(el('div', {class: 'text'}, time(row)));
  return made;
}

function quote(row, use) {
  const {name, text, gone, user} = row.reply;
  const words = gone ? 'A deleted message' : text || '…';
  const inner = [
    name && !gone ? el('b', {class: row.own ? '' : `k${colourIndex(user)}`}, name) : '',
    el('span', {class: 'ell'}, words),
  ];
  if (gone) return el('div', {class: 'quote'}, ...inner);
  return el(
    'button',
    {
      type: 'button',
      class: 'quote',
      'aria-label': `In answer to ${name}: ${words}. Go there`,
      onclick: () => use.act(row, 'jump'),
    },
    ...inner,
  );
}

function time(row) {
  const [shape, size, word] = STATES[row.waiting ? 'sending' : row.state] || [];
  const shown = row.state === 'sending' || row.state === 'waiting' ? word : row.clock;
  const marked = shape && (row.own || row.waiting);
  return el(
    'span',
    {class: 'time'},
    row.edited && 'edited ',
    el('span', {}, shown),
    marked && icon(shape, size, shape === 'check' ? 2 : 0),
    marked && shown !== word && hidden(word),
  );
}

function under(row, use, seen) {
  const made = [];
  if (row.reactions.length) made.push(reactions(row, use));
  if (row.state === 'failed') {
    made.push(
      el(
        'div',
        {class: 'trouble', role: 'group', 'aria-label': 'Not sent'},
        icon('alert', 14),
        el('span', {}, `Not sent: ${row.reason}`),
        el('button', {type: 'button', class: 'word', onclick: () => use.act(row, 'retry')}, 'Retry'),
        el('button', {type: 'button', class: 'word quiet', onclick: () => use.act(row, 'discard')}, 'Discard'),
      ),
    );
  }
  if (seen) made.push(el('div', {class: 'seen'}, seen));
  return made;
}

function reactions(row, use) {
  const able = row.deeds.includes('react');
  const pills = row.reactions.map(({emoji, count, mine, names}) =>
    el(
      'button',
      {
        type: 'button',
        class: 'pill',
        'aria-pressed': String(mine),
        'aria-disabled': able ? null : 'true',
        title: people(names),
        'aria-label': `${emoji} ${count}, from ${people(names)}`,
        onclick: () => able && use.act(row, 'react', emoji),
      },
      el('span', {class: 'emoji'}, emoji),
      String(count),
    ),
  );
  return el('div', {class: 'reactions', role: 'group', 'aria-label': 'Reactions'}, ...pills);
}
