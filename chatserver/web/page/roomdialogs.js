// Dialogs about rooms: make one, set a topic, bring people in, an invitation to send around.

import {spoken} from '../chat/days.js';
import {nameTrouble} from '../chat/names.js';
import {attribute, el} from './dom.js';
import {icon} from './icons.js';
import {dialog} from './popover.js';

const field = (label, input, ...more) =>
  el('div', {class: 'fieldbox'}, el('label', {class: 'fl', for: input.id}, label), input, ...more);
const buttons = (...made) => el('div', {class: 'buttons'}, ...made);

/** Make a room. */
export function newRoom(chat, called = '') {
  const {model} = chat;
  const name = el('input', {
    class: 'in',
    id: 'room-name',
    maxlength: '64',
    value: called,
    autocomplete: 'off',
    'aria-describedby': 'room-trouble',
  });
  const topic = el('input', {class: 'in', id: 'room-topic', maxlength: '250', autocomplete: 'off'});
  const secret = el('input', {type: 'checkbox', id: 'room-private', role: 'switch', class: 'switch'});
  const trouble = el('div', {class: 'er', id: 'room-trouble', role: 'alert'});
  const make = el('button', {type: 'submit', class: 'bt pri'}, 'Create room');
  const say = (...words) => {
    attribute(name, 'aria-invalid', words.length ? 'true' : null);
    trouble.replaceChildren(...(words.length ? [icon('alert', 16), el('span', {}, ...words)] : []));
  };
  const check = () => {
    const text = name.value.trim();
    const wrong = text ? nameTrouble(text, 64) : '';
    say(...(wrong ? [wrong] : []));
    make.disabled = !text || Boolean(wrong);
  };
  name.addEventListener('input', check);
  const form = el(
    'form',
    {
      novalidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        const room = name.value.trim();
        make.disabled = true;
        try {
          await chat.made({type: 'create', room, topic: topic.value.trim(), private: secret.checked});
          box.close();
          chat.open(room);
        } catch (error) {
          const known = error.code === 'room_exists' && (model.talks.has(room) || !secret.checked);
          if (!known) say(error.message);
          else {
            say(
              `There is a room called ${room} already. Choose another name, or `,
              el(
                'button',
                {
                  type: 'button',
                  class: 'word',
                  onclick: () => {
                    box.close();
                    if (model.talks.has(room)) chat.open(room);
                    else chat.join(room);
                  },
                },
                `open ${room}`,
              ),
              '.',
            );
          }
          name.focus();
        }
      },
    },
    field('Name', name, trouble),
    field('Topic, if you like', topic),
    el(
      'div',
      {class: 'set'},
      el('span', {class: 'ib still', 'aria-hidden': 'true'}, icon('lock')),
      el(
        'label',
        {class: 'grow', for: 'room-private'},
        'Private',
        el('span', {class: 't12 muted block'}, 'Only members see it, its files and its history'),
      ),
      secret,
    ),
    buttons(el('button', {type: 'button', class: 'bt', onclick: () => box.close()}, 'Cancel'), make),
  );
  const box = dialog('New room', form, {loose: !called});
  make.disabled = !called;
  name.focus();
}

/** Ask for one line of text. `does(text)` may refuse. */
export function askLine(title, label, value, yes, does, {limit = 250, empty = false} = {}) {
  const input = el('input', {class: 'in', id: 'asked-line', maxlength: String(limit), value, autocomplete: 'off'});
  const trouble = el('div', {class: 'er', role: 'alert'});
  const box = dialog(
    title,
    el(
      'form',
      {
        novalidate: true,
        onsubmit: async (event) => {
          event.preventDefault();
          if (!input.value.trim() && !empty) return;
          try {
            await does(input.value.trim());
            box.close();
          } catch (error) {
            trouble.replaceChildren(icon('alert', 16), el('span', {}, error.message));
          }
        },
      },
      field(label, input, trouble),
      buttons(
        el('button', {type: 'button', class: 'bt', onclick: () => box.close()}, 'Cancel'),
        el('button', {type: 'submit', class: 'bt pri'}, yes),
      ),
    ),
  );
  input.focus();
  input.select();
}

/** Bring people into a room: those that one knows by name, and a link for others. */
export function inviteInto(chat, room) {
  const {client} = chat;
  const name = el('input', {class: 'in', id: 'invite-name', autocomplete: 'off', placeholder: 'A name'});
  const trouble = el('div', {class: 'er', role: 'alert'});
  const said = el('p', {class: 't12 muted', role: 'status'});
  const link = el('input', {class: 'in mono', id: 'invite-link', readonly: true});
  const shown = el(
    'div',
    {class: 'fieldbox', hidden: true},
    el('label', {class: 'fl', for: 'invite-link'}, 'Link'),
    link,
  );
  const until = el('p', {class: 't12 muted'});
  const fail = (error) => trouble.replaceChildren(icon('alert', 16), el('span', {}, error.message));
  const make = el(
    'button',
    {
      type: 'button',
      class: 'bt',
      onclick: async () => {
        try {
          const {invitation} = await client.ask({type: 'invitation', room});
          link.value = `${location.origin}/#invite=${encodeURIComponent(invitation.code)}`;
          shown.hidden = false;
          make.hidden = true;
          until.textContent = `${invitation.uses || 'Any number of'} people can use it${invitation.expires ? `, until ${spoken(Date.parse(invitation.expires), Date.now()).replace(/^on /, '')}` : ''}. In the desktop window: ${invitation.link}`;
          link.focus();
          link.select();
        } catch (error) {
          fail(error);
        }
      },
    },
    icon('link', 18),
    'Make a link',
  );
  dialog(
    `Invite people into ${room}`,
    [
      el(
        'form',
        {
          novalidate: true,
          onsubmit: async (event) => {
            event.preventDefault();
            const user = name.value.trim().replace(/^@/, '');
            if (!user) return;
            trouble.replaceChildren();
            try {
              await chat.made({type: 'invite', room, user});
              said.textContent = `${user} is in ${room} now.`;
              name.value = '';
            } catch (error) {
              fail(error);
            }
            name.focus();
          },
        },
        el(
          'div',
          {class: 'fieldbox'},
          el('label', {class: 'fl', for: 'invite-name'}, 'Somebody who has a name here'),
          el('div', {class: 'row gap8'}, name, el('button', {type: 'submit', class: 'bt pri'}, 'Bring in')),
          trouble,
          said,
        ),
      ),
      el('div', {class: 'hr'}),
      el('p', {class: 'b'}, 'Somebody new'),
      shown,
      until,
      make,
    ],
    {width: 480},
  );
  name.focus();
}
