// What stands between messages as quiet text, and how a run of comings and goings becomes one sentence. Pure.

import {duration} from './days.js';

const WORDS = {
  joined: (names, by) => (by ? `${by} invited ${names}` : `${names} joined`),
  left: (names, by) => (by ? `${by} removed ${names}` : `${names} left`),
};
const ALONE = {
  created: (event) => `${event.user} ${event.room.startsWith('@') ? 'started this conversation' : 'made this room'}`,
  topic: (event) => (event.topic ? `${event.user} set the topic: ${event.topic}` : `${event.user} removed the topic`),
  banned: (event) => `${event.by} banned ${event.user}`,
  unbanned: (event) => `${event.by} lifted the ban of ${event.user}`,
  muted: (event) =>
    event.minutes
      ? `${event.by} muted ${event.user} for ${duration(event.minutes)}`
      : `${event.by} let ${event.user} speak again`,
  role: (event) => `${event.by} made ${event.user} ${event.role === 'moderator' ? 'a moderator' : 'a member again'}`,
  profile: (event) =>
    event.display ? `${event.user} is called ${event.display} now` : `${event.user} goes by that name again`,
};
const SHOWN = 3;

/** The notice of an event that is no message: `kind` is '' for a `text` that stands alone. */
export function notice(event, at) {
  const kind = WORDS[event.type] ? event.type : '';
  const by = event.by && event.by !== event.user ? event.by : '';
  return {seq: event.seq, at, kind, user: event.user, by, text: kind ? '' : (ALONE[event.type] || (() => ''))(event)};
}

/** `frank, grace and 3 others joined, ivan left`: what happened, in the order in which each thing began. */
export function sentence(items) {
  const groups = new Map();
  const said = [];
  for (const item of items) {
    if (!item.kind) {
      said.push(item.text);
      continue;
    }
    const key = `${item.kind} ${item.by}`;
    if (!groups.has(key)) groups.set(key, {kind: item.kind, by: item.by, names: new Set()});
    groups.get(key).names.add(item.user);
  }
  return [...said, ...[...groups.values()].map(({kind, by, names}) => WORDS[kind](people([...names]), by))].join(', ');
}

/** `a`, `a and b`, `a, b and c`, `a, b and 2 others`. */
export function people(names) {
  if (names.length === 1) return names[0];
  if (names.length <= SHOWN) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, SHOWN - 1).join(', ')} and ${names.length - SHOWN + 1} others`;
}
