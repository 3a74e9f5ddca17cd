// What people do with a message: answer it, react to it, edit it, delete it, copy it, look at its line of the history.
// Which of it is permitted says the row (`row.deeds`); what becomes of it comes back as events.

import {Refused} from '../chat/wire.js';
import {el} from './dom.js';
import {picker} from './emojipicker.js';
import {HoverBar} from './hoverbar.js';
import {confirm, dialog, menu} from './popover.js';

const ITEMS = {
  reply: ['reply', 'Reply', 'R'],
  react: ['addReaction', 'React', '+'],
  edit: ['edit', 'Edit', 'E'],
  copy: ['copy', 'Copy text', 'C'],
  link: ['link', 'Copy link', ''],
  unread: ['unread', 'Unread from here', 'U'],
  record: ['record', 'Show the record line', ''],
  delete: ['trash', 'Delete', 'Del'],
};
const GROUPS = [['reply', 'react', 'edit'], ['copy', 'link', 'unread', 'record'], ['delete']];
const KEYS = {r: 'reply', '+': 'react', e: 'edit', c: 'copy', u: 'unread', Delete: 'delete'};

export class Acts {
  bar;
  #chat;

  /** `chat`: {model, client, keep, view, composer, complain, announce, show(room, seq), save(file)} */
  constructor(chat) {
    this.#chat = chat;
    this.bar = new HoverBar({
      reactions: () => chat.keep.habit('reactions'),
      act: (row, deed, more) => this.act(row, deed, more),
      pick: (row, element) => this.#pick(row, element),
      menu: (row, element) => this.menu(row, element),
    });
  }

  #does = {
    reply: (row) => this.#chat.composer.reply(row),
    edit: (row) => this.#chat.composer.edit(row),
    react: (row, emoji) => (emoji ? this.#react(row, emoji) : this.#pick(row, this.#chat.view.article(row.key))),
    delete: (row) => this.delete(row),
    gone: (row, room) => this.#chat.client.change({type: 'delete', room, of: row.seq}),
    copy: (row) => this.#copy(row.text, 'The text was copied.'),
    link: (row) => this.#copy(this.#link(row), 'The link was copied.'),
    unread: (row) => this.#chat.model.unreadFrom(this.#chat.model.current, row.seq),
    record: (row) => this.#record(row),
    retry: (row) => this.#chat.client.again(row.key.slice(1)),
    discard: (row) => this.#chat.client.discard(row.key.slice(1)),
    jump: (row) => this.#chat.show(this.#chat.model.current, row.reply.seq),
    newest: () => this.#chat.newest(),
    write: () => this.#chat.composer.focus(),
  };

  act(row, deed, more) {
    try {
      this.#does[deed](row, more);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#chat.complain(error.message);
    }
    this.#chat.draw();
  }

  /** My newest message, to be edited. */
  editLast() {
    const {talk} = this.#chat.model;
    const row = talk && !talk.mutedUntil ? talk.timeline.lastOwn() : null;
    if (row) this.act(row, 'edit');
  }

  /** A key on a message that has the keyboard. */
  pressed(row, event, article) {
    const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.key === 'Enter' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      this.menu(row, article);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.#chat.composer.focus();
    } else if (deed && row.deeds.includes(deed)) {
      event.preventDefault();
      this.act(row, deed);
    }
  }

  menu(row, anchor) {
    const groups = GROUPS.map((group) =>
      group
        .filter((deed) => row.deeds.includes(deed))
        .map((deed) => {
          const [shape, label, key] = ITEMS[deed];
          return {icon: shape, label, key, danger: deed === 'delete', act: () => this.act(row, deed)};
        }),
    );
    if (!groups.some((group) => group.length)) return;
    this.bar.held = true;
    menu(anchor, 'What to do with this message', groups, {closed: () => this.#free()});
  }

  #free() {
    this.bar.held = false;
    if (!this.bar.element.contains(document.activeElement)) this.bar.leave();
  }

  #pick(row, anchor) {
    this.bar.held = true;
    picker(anchor, this.#chat.keep, {
      chosen: (emoji) => this.act(row, 'react', emoji),
      failed: (sentence) => this.#chat.complain(sentence),
      closed: () => this.#free(),
    });
  }

  #react(row, emoji) {
    const mine = row.reactions.some((each) => each.emoji === emoji && each.mine);
    if (!mine) this.#chat.keep.used(emoji, true);
    this.#chat.client.change({
      type: 'react',
      room: this.#chat.model.current,
      of: row.seq,
      emoji,
      ...(mine ? {remove: true} : {}),
    });
  }

  /** Ask, and take it away. */
  async delete(row) {
    const room = this.#chat.model.current;
    if (!(await confirm('Delete this message?', 'It goes away for everybody, with its files.', 'Delete', 'Keep')))
      return;
    this.act(row, 'gone', room);
  }

  #link(row) {
    const {model} = this.#chat;
    const scheme = location.protocol === 'https:' ? 'chats' : 'chat';
    return `${scheme}://${location.host}/${encodeURIComponent(model.current)}?message=${row.seq}`;
  }

  async #copy(text, said) {
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(text);
      else copied(text);
      this.#chat.announce(said);
    } catch {
      this.#chat.complain('The browser does not let this page copy.');
    }
  }

  async #record(row) {
    const {client, model} = this.#chat;
    try {
      const {line} = await client.ask({type: 'record', room: model.current, seq: row.seq});
      dialog(
        'The record line',
        [
          el('pre', {class: 'recordline', tabindex: '0'}, line),
          el(
            'div',
            {class: 'buttons'},
            el(
              'button',
              {type: 'button', class: 'bt', onclick: () => this.#copy(line, 'The line was copied.')},
              'Copy',
            ),
          ),
        ],
        {width: 560},
      );
    } catch (error) {
      this.#chat.complain(error.message);
    }
  }
}

/** Copying where the page is not served securely, and so has no clipboard of its own. */
function copied(text) {
  const box = el('textarea', {class: 'hidden', value: text});
  document.body.append(box);
  const before = document.activeElement;
  box.select();
  document.execCommand('copy');
  box.remove();
  if (before) before.focus();
}
