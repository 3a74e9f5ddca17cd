// What is searched for and what was found. Pure: `now` is an argument.

import {hitDay, wireTime} from './days.js';

export const SPANS = {'': 'Any time', day: 'Today', week: 'Last 7 days', month: 'Last 30 days', year: 'This year'};
const BEFORE = 40;

/** From when on, as the wire writes it; '' for any time. */
export function since(span, now) {
  if (!span) return '';
  const moment = new Date(now);
  moment.setHours(0, 0, 0, 0);
  if (span === 'week') moment.setDate(moment.getDate() - 6);
  if (span === 'month') moment.setDate(moment.getDate() - 29);
  if (span === 'year') moment.setMonth(0, 1);
  return wireTime(moment.getTime());
}

/** Is it enough to ask for? */
export function ready({text, files}) {
  const words = text.trim();
  if (!words) return Boolean(files);
  return [...words].length >= 2 || !/^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\x00-\x7f]/u.test(words);
}

/** The hits by room: `[{room, hits: [{room, seq, user, name, when, text, marks}]}]`. */
export function groups(found, text, now, nameOf) {
  const byRoom = new Map();
  for (const message of found) {
    const words =
      message.text
        .replace(/^\/me /, '')
        .split(/\s+/)
        .filter(Boolean)
        .join(' ') || (message.files || []).map((file) => file.name).join(', ');
    const [line, marks] = excerpt(words, text);
    const hits = byRoom.get(message.room) || [];
    hits.push({
      room: message.room,
      seq: message.seq,
      user: message.user,
      name: nameOf(message.user),
      when: hitDay(Date.parse(message.time), now),
      text: line,
      marks,
    });
    byRoom.set(message.room, hits);
  }
  return [...byRoom].map(([room, hits]) => ({room, hits}));
}

/** The line from a little before its first mark on, and the marks. */
function excerpt(line, wanted) {
  const marks = foundIn(line, wanted);
  if (!marks.length || marks[0][0] <= BEFORE) return [line, marks];
  const cut = Math.max(line.lastIndexOf(' ', marks[0][0] - BEFORE / 2) + 1, marks[0][0] - 2 * BEFORE);
  return [`…${line.slice(cut)}`, marks.map(([begin, end]) => [begin - cut + 1, end - cut + 1])];
}

/** Where `wanted` stands in the line, case aside. */
function foundIn(line, wanted) {
  const needle = wanted.trim().split(/\s+/).join(' ').toLowerCase();
  const text = line.toLowerCase();
  const marks = [];
  if (!needle || text.length !== line.length) return marks; // a letter that changes its length: found, and not marked
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
    marks.push([at, at + needle.length]);
  return marks;
}

/** `7 messages in 3 rooms, newest first`. */
export function headline(count, rooms, more) {
  const messages = count === 1 ? '1 message' : `${count} messages`;
  const places = rooms === 1 ? '1 room' : `${rooms} rooms`;
  return more ? `The newest ${messages}, in ${places}` : `${messages} in ${places}${count > 1 ? ', newest first' : ''}`;
}

/** The sentence where nothing was found. */
export function nothing(query) {
  if (!query.text.trim()) return 'No messages with files here.';
  const narrowed = query.room || query.user || query.span || query.files;
  return `Nothing found for “${query.text.trim()}”. ${narrowed ? 'Try fewer letters, or All rooms.' : 'Try fewer letters.'}`;
}
