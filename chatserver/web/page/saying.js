// What the composer hands on: a message, or one of the commands that begin with a slash.

import {meaning} from '../chat/slash.js';
import {keysDialog} from './oneself.js';

/** Do what a line says. `chat`: {client, model, view, history, made(), join(), write(), complain()}.
 *  `Refused` for what is no command: nothing is done, and the line stays. */
export function say(chat, line, reply, files) {
  const {client, model} = chat;
  const said = meaning(line);
  const room = model.current;
  if (said.does === 'say') {
    client.change({
      type: 'post',
      room,
      text: said.text,
      ...(reply ? {reply_to: reply} : {}),
      ...(files.length ? {files: files.map(({file}) => file), about: files} : {}),
    });
    chat.view.toEnd();
    return;
  }
  const order = (change) => chat.made(change).catch((error) => chat.complain(error.message));
  const of = (type) => (user) => order({type, room, user: user.replace(/^@/, '')});
  const does = {
    join: (rest) => chat.join(rest.replace(/^#/, '')),
    leave: () => order({type: 'leave', room}),
    topic: (topic) => order({type: 'topic', room, topic}),
    nick: (display) => order({type: 'profile', display}),
    invite: of('invite'),
    kick: of('kick'),
    ban: of('ban'),
    unban: of('unban'),
    help: () => keysDialog(),
    msg: (rest) => tell(chat, rest),
  };
  does[said.does](said.rest);
}

async function tell(chat, rest) {
  const [, user, text] = /^@?(\S+)\s*([\s\S]*)$/.exec(rest);
  chat.write(await chat.history.known(user));
  if (text) chat.client.change({type: 'post', room: chat.model.current, text});
}
