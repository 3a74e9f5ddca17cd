// The menus of the list's plus and of a conversation's head.

import {goToDate} from './date.js';
import {menu} from './popover.js';
import {askLine, newRoom} from './roomdialogs.js';

/** New room, join, write to somebody. */
export function createMenu(chat, anchor) {
  const write = async (user) => chat.write(await chat.history.known(user));
  menu(anchor, 'New room or message', [
    [
      {icon: 'plus', label: 'New room', act: () => newRoom(chat)},
      {icon: 'hash', label: 'Join a room', act: () => chat.jump()},
      {icon: 'user', label: 'Message a person', act: () => askLine('Message a person', 'Name', '', 'Write', write)},
    ],
  ]);
}

/** Say what the room that is looked at is about. */
export function setTopic(chat) {
  const {room, topic} = chat.model.talk;
  const save = (text) => chat.made({type: 'topic', room, topic: text});
  askLine('Topic', `What ${room} is about`, topic, 'Save', save, {empty: true});
}

/** What can be done with the conversation that is looked at. */
export function roomMenu(chat, anchor) {
  const {talk} = chat.model;
  const {room} = talk;
  const narrow = !matchMedia('(min-width: 720px)').matches;
  const leave = () => chat.made({type: 'leave', room}).catch((error) => chat.complain(error.message));
  menu(anchor, `What to do with ${talk.title}`, [
    narrow && !talk.direct ? [{icon: 'members', label: 'Members', act: () => chat.panel('members')}] : [],
    talk.direct
      ? []
      : [
          {icon: 'edit', label: talk.topic ? 'Change the topic' : 'Set a topic', act: () => setTopic(chat)},
          {icon: 'plus', label: 'Invite people', act: () => chat.invite()},
        ],
    [
      {icon: 'search', label: 'Search messages', key: 'Ctrl F', act: () => chat.panel('search')},
      {icon: 'calendar', label: 'Go to a date', key: 'Ctrl G', act: () => goToDate(chat)},
    ],
    talk.direct || room === 'lobby' ? [] : [{icon: 'out', label: 'Leave the room', danger: true, act: leave}],
  ]);
}
