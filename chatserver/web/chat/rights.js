// Who may do what to whom in a room, and what may be done with a message. Pure; the table of shared/rights.py.

const RANK = {member: 0, moderator: 1, owner: 2};
const RIGHTS = {
  invite: ['member', false, true],
  topic: ['member', false, true],
  kick: ['moderator', true, false],
  ban: ['moderator', true, false],
  unban: ['moderator', true, false],
  mute: ['moderator', true, true],
  role: ['moderator', true, true],
  delete: ['moderator', true, true],
};

/** May somebody with this role do it in `room`, to a person with the role `to` (or to oneself)? */
export function may(deed, room, role, to = 'member', oneself = false) {
  const [least, over, lobby] = RIGHTS[deed];
  if (room.startsWith('@') || (room === 'lobby' && !lobby) || RANK[role] < RANK[least]) return false;
  return !over || (!oneself && RANK[to] < RANK[role]);
}

/** What the reader may do with a stored message, in the order of a menu. */
export function deeds({own, muted, deletes, text}) {
  const found = muted ? [] : ['reply', 'react', ...(own ? ['edit'] : [])];
  if (text) found.push('copy');
  found.push('link');
  if (!own) found.push('unread');
  found.push('record');
  if (own || deletes) found.push('delete');
  return found;
}
