// Names: what two must differ in, mentions, direct conversations, the colour of a name. Pure.

import {blake2b} from './blake2b.js';

/** Case and the width of letters do not matter. (The server knows look-alike letters too.) */
export const nameKey = (name) => name.normalize('NFKC').toLowerCase().normalize('NFKC');

const IN_NAME = /[\p{L}\p{N}\p{Mn}\p{Mc}_.-]/u;
export const inName = (char) => IN_NAME.test(char);

/** Does the text name this person, or everybody? */
export function mentioned(text, me) {
  const mine = nameKey(me);
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])@([\p{L}\p{N}\p{Mn}\p{Mc}_.-]{1,33})/gu)) {
    let name = match[1];
    for (;;) {
      const key = nameKey(name);
      if (key === mine || key === 'room') return true;
      if (!/[-_.]$/.test(name)) break;
      name = name.slice(0, -1);
    }
  }
  return false;
}

/** `@alice,bob`, sorted as the server sorts: by code point. */
export function directName(...people) {
  const points = (name) => [...name].map((char) => char.codePointAt(0).toString(16).padStart(6, '0')).join('');
  return `@${[...new Set(people)].sort((a, b) => (points(a) < points(b) ? -1 : 1)).join(',')}`;
}

/** With whom one speaks in a direct conversation: the other one, or oneself. */
export const counterpart = (room, me) =>
  room
    .slice(1)
    .split(',')
    .find((name) => name !== me) || me;

/** The letter that stands for a name. */
export const initial = (name) => (/[\p{L}\p{N}]/u.exec(name) || [''])[0].toUpperCase();

const SALT = 0xba3a0000n; // gives people the colours that they have in every other client
const colours = new Map();

/** 0 to 4: the colour that a name has on every device and on every day. */
export function colourIndex(name) {
  let colour = colours.get(name);
  if (colour === undefined) {
    colour = blake2b(new TextEncoder().encode(name), 4, SALT)[3] % 5;
    colours.set(name, colour);
  }
  return colour;
}

/** What is wrong with a new name, in a sentence; '' for nothing. */
export function nameTrouble(name, most) {
  const rule = `A name has 1 to ${most} letters, digits, - _ or . `;
  const length = [...name].length;
  if (!length) return `${rule}This one is empty.`;
  if (length > most) return `${rule}This one has ${length} characters.`;
  const odd = [...name].find((char) => !inName(char));
  if (odd !== undefined) return rule + (/\s/.test(odd) ? 'This one has a space.' : `This one has the sign ${odd}.`);
  return /[\p{L}\p{N}]/u.test(name) ? '' : `${rule}This one has neither a letter nor a digit.`;
}
