// What a line in the composer means: something to say, or a command. Pure.

import {Refused} from './wire.js';

/** `[usage, what it does, whether it needs words]` */
export const COMMANDS = {
  join: ['/join room', 'Join a room', true],
  leave: ['/leave', 'Leave this room', false],
  msg: ['/msg name text', 'Message a person', true],
  topic: ['/topic text', 'Set the topic', true],
  invite: ['/invite name', 'Bring somebody in', true],
  kick: ['/kick name', 'Remove somebody from this room', true],
  ban: ['/ban name', 'Remove somebody for good', true],
  unban: ['/unban name', 'Let somebody in again', true],
  me: ['/me text', 'Say what you do', true],
  nick: ['/nick name', 'Change what others call you', true],
  help: ['/help', 'These keys and commands', false],
};

/** `{does: 'say', text}` or `{does: command, rest}`; `Refused` with a sentence for what is no command. */
export function meaning(line) {
  if (!line.startsWith('/')) return {does: 'say', text: line};
  if (line.startsWith('//')) return {does: 'say', text: line.slice(1)};
  const [, word, rest] = /^\/(\S*)\s*([\s\S]*)$/.exec(line);
  const command = COMMANDS[word.toLowerCase()];
  if (!command) throw new Refused('bad_request', `There is no command /${word}. /help lists them; // says a slash.`);
  if (command[2] && !rest.trim()) throw new Refused('bad_request', `Write it like this: ${command[0]}`);
  if (word.toLowerCase() === 'me') return {does: 'say', text: `/me ${rest.trim()}`};
  return {does: word.toLowerCase(), rest: rest.trim()};
}
