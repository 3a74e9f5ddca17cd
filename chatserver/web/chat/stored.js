// What a stored event means for its room, the messages aside: members, topic, roles, who may speak. Pure; the table of
// chatclient/stored.py.

import {REFRESHED} from './timeline.js';

const DEEDS = {
  created: (talk, event, {me}) => {
    [talk.topic, talk.private, talk.members] = [event.topic || '', Boolean(event.private), talk.members || 1];
    if (event.user === me) talk.role = 'moderator';
  },
  joined: (talk, {user}, {me}) => {
    if (talk.roster.size) {
      if (!talk.roster.has(user)) talk.roster.set(user, {user});
      talk.members = talk.roster.size;
    } else if (talk.members && user !== me) talk.members += 1;
  },
  left: (talk, event, fold) => left(talk, event, fold, 'removed'),
  banned: (talk, event, fold) => left(talk, event, fold, 'banned'),
  topic: (talk, event) => {
    talk.topic = event.topic;
  },
  muted: (talk, event, fold) => {
    const until = event.minutes ? Date.parse(event.time) + event.minutes * 60_000 : 0;
    if (event.user === fold.me) talk.mutedUntil = until;
    const member = talk.roster.get(event.user);
    if (member) member.muted_until = until ? new Date(until).toISOString() : '';
    fold._rows(talk, REFRESHED);
  },
  role: (talk, event, fold) => {
    if (event.user === fold.me) talk.role = event.role;
    const member = talk.roster.get(event.user);
    if (member && member.role !== 'owner') member.role = event.role;
    fold._rows(talk, REFRESHED);
  },
};

/** Let the room be as it is after this event. False where it is mine no more. Of `fold` it uses me, nameOf(), noted, _rows(). */
export function stood(talk, event, fold) {
  const does = DEEDS[event.type];
  if (!does) return true;
  fold.noted.heads.add(talk.room);
  return does(talk, event, fold) !== false;
}

function left(talk, {user, by}, fold, done) {
  if (user === fold.me) {
    if (by && by !== fold.me) fold.noted.news.push(`${fold.nameOf(by)} ${done} you from ${talk.title}.`);
    return false;
  }
  talk.roster.delete(user);
  delete talk.readBy[user];
  talk.members = talk.roster.size || Math.max(0, talk.members - 1);
  return true;
}
