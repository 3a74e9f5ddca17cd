// Avatars and presence marks: a letter or a picture on a disc, and a shape that says who is here, never a colour alone.

import {colourIndex, initial} from '../chat/names.js';
import {el} from './dom.js';
import {icon, shape} from './icons.js';

const disc = () => shape('circle', {class: 'shape', cx: 8, cy: 8, r: 5});
const MARKS = {
  online: () => [disc()],
  away: () => [disc(), shape('circle', {class: 'ground', cx: 5.2, cy: 5.4, r: 3.5})],
  busy: () => [disc(), shape('rect', {class: 'ground', x: 5.2, y: 7, width: 5.6, height: 2, rx: 1})],
  offline: () => [shape('circle', {class: 'line', cx: 8, cy: 8, r: 4})],
};

/** The presence mark; the word stands elsewhere. */
export const presence = (state, size = 16) =>
  shape(
    'svg',
    {class: `presence ${state}`, width: size, height: size, viewBox: '0 0 16 16', 'aria-hidden': 'true'},
    shape('circle', {class: 'ground', cx: 8, cy: 8, r: 7.2}),
    ...MARKS[state](),
  );

/** `person`: {picture, state}; `state` is shown where `shown` is set. `files` fetches pictures. */
export function avatar(name, size, {person = {}, state = '', files = null} = {}) {
  const letter = initial(name);
  const made = el(
    'span',
    {class: `avatar s${size} c${colourIndex(name)}`, 'aria-hidden': 'true'},
    letter || icon('user', Math.round(size * 0.6)),
  );
  if (person.picture && files) {
    files.address(person.picture, true).then(
      (address) => made.prepend(el('img', {src: address, alt: ''})),
      () => null,
    );
  }
  if (state) made.append(presence(state, size < 28 ? 12 : 16));
  return made;
}

/** The server's sign: a square. */
export const sign = (name, size) =>
  el('span', {class: `avatar square s${size} c${colourIndex(name)}`, 'aria-hidden': 'true'}, initial(name) || 'P');
