// The entries of a timeline, made from events, and how changes alter them. Pure; entries are never changed in place.
//
// said   {kind, seq, at, user, id, text, reply, files, reactions: {emoji: [names]}, edited}
// gone   {kind, seq, at, user, id, by}
// run    {kind, seq, at, items: [notices]}: comings and goings that follow one another, or one other notice

import {millis} from './days.js';
import {notice} from './notices.js';

const CHANGES = new Set(['edited', 'deleted', 'reacted']);

/** Is this event a change of a message, and so no entry of its own? */
export const isChange = (event) => CHANGES.has(event.type);

/** The entry of one event. */
export function entryOf(event) {
  const at = millis(event.time);
  if (event.type !== 'message') return {kind: 'run', seq: event.seq, at, items: [notice(event, at)]};
  const head = {seq: event.seq, at, user: event.user, id: event.id};
  if (event.deleted) return {kind: 'gone', ...head, by: event.deleted_by || ''};
  return {
    kind: 'said',
    ...head,
    text: event.text,
    reply: event.reply_to || 0,
    files: event.files || [],
    reactions: event.reactions || {},
    edited: Boolean(event.edited),
  };
}

/** The entry after a change: a stored event of `by`, or a wish of the reader's. What is so already alters nothing. */
export function altered(entry, change, by) {
  const type = {edit: 'edited', delete: 'deleted', react: 'reacted'}[change.type] || change.type;
  if (entry.kind === 'gone') return entry.by || type !== 'deleted' ? entry : {...entry, by};
  if (type === 'deleted') return {kind: 'gone', seq: entry.seq, at: entry.at, user: entry.user, id: entry.id, by};
  if (type === 'edited') {
    return change.text || entry.files.length ? {...entry, text: change.text, edited: true} : entry;
  }
  const names = entry.reactions[change.emoji] || [];
  const removed = Boolean(change.removed || change.remove);
  if (names.includes(by) !== removed || !change.emoji) return entry;
  const reactions = {
    ...entry.reactions,
    [change.emoji]: removed ? names.filter((name) => name !== by) : [...names, by],
  };
  if (!reactions[change.emoji].length) delete reactions[change.emoji];
  return {...entry, reactions};
}

const open = (entry) => entry && entry.kind === 'run' && entry.items[0].kind !== '';

/** Append an entry to a list of them; runs that meet become one. */
export function append(entries, entry) {
  const last = entries.at(-1);
  if (open(last) && open(entry)) entries[entries.length - 1] = {...last, items: [...last.items, ...entry.items]};
  else entries.push(entry);
}

/** The newest seq in an entry. */
export const lastSeq = (entry) => (entry.kind === 'run' ? entry.items.at(-1).seq : entry.seq);
