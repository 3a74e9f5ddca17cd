// What is being typed that can be completed: `:shortcodes:`, `@names`, `#rooms`. Pure.

import {complete, loaded, toned} from './emojis.js';

const TOKEN = /(?:^|[\s(])(:[^\s:@#]{2,}|@[^\s@#:]*|#[^\s@#:]*)$/;
const SHORTCODE = /:([\w+-]+):$/;
const SHOWN = 5;
export const STATES = {online: 'Online', away: 'Away', busy: 'Busy', offline: 'Offline'};

/** What stands before the caret and can be completed, '' for nothing. */
export const token = (before) => (TOKEN.exec(before) || ['', ''])[1];

/** A whole `:shortcode:` just before the caret, as `[shortcode, emoji]`, or null. */
export function finished(before, tone) {
  const found = SHORTCODE.exec(before);
  const table = loaded();
  if (!found || !table || (before.split('`').length - 1) % 2) return null;
  const about = table.byCode.get(found[1].toLowerCase());
  return about ? [found[0], toned(about, tone)] : null;
}

/** How this token may go on: `[{kind, insert, about, label, note}]`. */
export function offers(typed, model, talk, used, tone) {
  const rest = typed.slice(1).toLowerCase();
  if (typed.startsWith(':')) {
    return complete(rest, used).map(({about, code}) => ({
      kind: 'emoji',
      insert: toned(about, tone),
      about: about.emoji,
      label: `:${code}:`,
      note: '',
    }));
  }
  return typed.startsWith('@') ? people(rest, model, talk) : rooms(rest, model);
}

function people(typed, model, talk) {
  const wrote = [];
  for (const entry of talk.timeline.said()) if (!wrote.includes(entry.user)) wrote.push(entry.user);
  const names = new Set([...wrote, ...talk.roster.keys(), ...(talk.direct ? [talk.title] : [])]);
  names.delete(model.me);
  const order = (name) => (wrote.includes(name) ? wrote.indexOf(name) : wrote.length);
  const fits = (name) =>
    name.toLowerCase().startsWith(typed) ||
    model
      .nameOf(name)
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(typed));
  const found = [...names]
    .filter(fits)
    .sort((a, b) => order(a) - order(b) || a.localeCompare(b))
    .slice(0, SHOWN)
    .map((name) => {
      const person = model.person(name);
      return {
        kind: 'person',
        insert: `@${name}`,
        about: name,
        label: model.nameOf(name),
        note: STATES[person.state] + (person.note ? `: ${person.note}` : ''),
      };
    });
  if (!talk.direct && 'room'.startsWith(typed)) {
    found.push({
      kind: 'all',
      insert: '@room',
      about: 'room',
      label: 'room',
      note: talk.members ? `Tells all ${talk.members} members` : 'Tells everybody',
    });
  }
  return found;
}

const rooms = (typed, model) =>
  model
    .rooms()
    .filter((talk) => talk.room.toLowerCase().startsWith(typed))
    .slice(0, SHOWN)
    .map((talk) => ({
      kind: 'room',
      insert: `#${talk.room}`,
      about: talk.room,
      label: talk.room,
      note: talk.topic || 'No topic yet',
    }));
