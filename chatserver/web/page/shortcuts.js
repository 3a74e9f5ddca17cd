// Keys that work everywhere on the page.

import {goToDate} from './date.js';
import {keysDialog} from './oneself.js';

export function shortcuts(chat) {
  const step = (by, unread) => {
    const all = [...chat.model.rooms(), ...chat.model.directs()];
    const at = all.findIndex((talk) => talk.room === chat.model.current);
    for (let i = 1; i <= all.length; i += 1) {
      const talk = all[(at + by * i + all.length * 2) % all.length];
      if (!unread || talk.unread) {
        chat.open(talk.room);
        return;
      }
    }
  };
  document.addEventListener('keydown', (event) => {
    if (!chat.element.isConnected || document.querySelector('dialog[open]')) return;
    const command = event.ctrlKey || event.metaKey;
    const keys = {
      k: () => chat.jump(),
      f: () => chat.panel('search', ' '),
      g: () => goToDate(chat, chat.view.day),
      '/': () => keysDialog(),
    };
    const inSearch = event.key === 'f' && event.target.closest && event.target.closest('.panel.search');
    if (command && !event.altKey && !event.shiftKey && keys[event.key] && !inSearch) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      step(event.key === 'ArrowUp' ? -1 : 1, event.shiftKey);
    } else if (event.key === 'Escape' && event.target.closest && event.target.closest('.panel.members')) {
      event.preventDefault();
      chat.panel('');
    } else if (
      event.key === 'Escape' &&
      !event.defaultPrevented && // it closed something in the conversation
      chat.model.current &&
      !matchMedia('(min-width: 720px)').matches
    )
      chat.open(null);
  });
}
