// What a message says on one line, in previews, quotes and notifications, and which messages are actions. Pure.

import {plain} from './markup.js';

const ACT = '/me ';
const PARSED = 4;

/** What the author of `/me waves` does: `waves`; empty for a text that is no action. */
export const action = (text) => (text.startsWith(ACT) ? text.slice(ACT.length).trim() : '');

/** Its text on one line without marks, or what it bears: `cat.png`, `3 files`. At most `longest` characters long. */
export function gist(text, files = [], longest = 200) {
  const start = text.slice(0, PARSED * longest);
  let line = (plain(start) || start).split(/\s+/).filter(Boolean).join(' ');
  if (!line && files.length) line = files.length === 1 ? files[0].name : `${files.length} files`;
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
