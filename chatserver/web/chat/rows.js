// A row of a timeline, made from an entry and its two neighbours when it is asked for. Pure.

import {clock, dayName, dayOf} from './days.js';
import {action, gist} from './gist.js';
import {sentence} from './notices.js';
import {deeds} from './rights.js';

/** Characters of a text that a quote may show. */
export const QUOTED = 200;
const GROUP = 600_000;

/** {key, kind, seq, user, name, text, at, clock, own, state, reason, day, unread, first, last, reply, files, reactions,
 *   edited, waiting, deeds}
 *
 *  key      "7" (its seq), or "~id" for a message that is not stored yet
 *  kind     message, action (/me), notice or tombstone
 *  state    sent, sending, waiting (no connection) or failed; '' for notices
 *  day      '' or the separator above it; `unread`: the "New messages" line stands above it
 *  first, last   of its group: same user, under 10 minutes apart, same day, nothing between
 *  waiting  a change of the reader's is not stored yet
 */
export function rowOf(entry, before, after, {about, line, online, waiting, quoted}) {
  const {me, nameOf, now} = about;
  const user = entry.kind === 'run' ? entry.items[0].user : entry.user;
  const stored = entry.kind !== 'pending';
  const row = {
    key: stored ? String(entry.seq) : `~${entry.id}`,
    kind: 'message',
    seq: entry.seq,
    user,
    name: nameOf(user),
    at: entry.at,
    clock: clock(entry.at),
    text: entry.text || '',
    own: entry.kind !== 'run' && user === me,
    state: '',
    reason: '',
    day: before && dayOf(before.at) === dayOf(entry.at) ? '' : dayName(entry.at, now()),
    unread: stored && line > 0 && entry.seq === line,
    first: !together(before, entry, line),
    last: !together(entry, after, line),
    reply: entry.reply ? quoteOf(entry.reply, quoted, nameOf) : null,
    files: entry.files || [],
    reactions: Object.entries(entry.reactions || {}).map(([emoji, names]) => ({
      emoji,
      count: names.length,
      mine: names.includes(me),
      names: names.map(nameOf),
    })),
    edited: Boolean(entry.edited),
    waiting,
    deeds: [],
  };
  if (entry.kind === 'run') return {...row, kind: 'notice', text: sentence(entry.items)};
  if (entry.kind === 'gone') return {...row, kind: 'tombstone', text: tomb(entry, nameOf)};
  const does = action(row.text);
  if (does) [row.kind, row.text] = ['action', does];
  if (stored) row.deeds = deeds({...about.permit(user), text: Boolean(entry.text)});
  row.state = stored || entry.seq ? 'sent' : entry.reason ? 'failed' : online ? 'sending' : 'waiting';
  row.reason = entry.reason || '';
  return row;
}

function tomb({user, by}, nameOf) {
  if (!by) return `A message of ${nameOf(user)} was deleted`;
  return `${nameOf(by)} deleted a message${by === user ? '' : ` of ${nameOf(user)}`}`;
}

function quoteOf(seq, entry, nameOf) {
  if (!entry) return {seq, user: '', name: '', text: '', gone: false};
  const name = entry.user ? nameOf(entry.user) : '';
  if (entry.kind === 'gone') return {seq, user: entry.user, name, text: '', gone: true};
  return {seq, user: entry.user, name, text: gist(action(entry.text) || entry.text, entry.files, QUOTED), gone: false};
}

const alone = (entry) => !entry || entry.kind === 'run' || entry.kind === 'gone' || Boolean(action(entry.text));

/** Do these neighbours belong to one group? */
function together(one, next, line) {
  if (alone(one) || alone(next)) return false;
  return (
    one.user === next.user &&
    next.at - one.at < GROUP &&
    dayOf(one.at) === dayOf(next.at) &&
    !(line && next.seq === line)
  );
}
