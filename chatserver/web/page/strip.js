// The strip over the box that says which message is answered or edited.

import {gist} from '../chat/gist.js';
import {colourIndex} from '../chat/names.js';
import {el, iconButton} from './dom.js';
import {icon} from './icons.js';

/** What stands in it; `doing`: 'reply' or 'edit'. */
export const strip = (row, doing, close) => STRIPS[doing](row, close);

const STRIPS = {
  edit: (row, close) => [
    icon('edit', 16),
    el('b', {class: 'grow t12'}, 'Editing your message'),
    el('span', {class: 't12 muted'}, 'Esc Cancel'),
    iconButton(icon('x', 16), 'Stop editing', close),
  ],
  reply: (row, close) => [
    icon('reply', 16),
    el('span', {class: 'bar'}),
    el(
      'div',
      {class: 'grow t12'},
      el('b', {class: `ell block k${colourIndex(row.user)}`}, row.name),
      el('span', {class: 'muted ell block', dir: 'auto'}, gist(row.text, row.files)),
    ),
    iconButton(icon('x', 16), 'Do not answer', close),
  ],
};
