// The menu at one's own name: status, profile, appearance, notifications, devices, signing out.

import {presence} from './avatar.js';
import {el} from './dom.js';
import {devicesDialog} from './devices.js';
import {askLine} from './roomdialogs.js';
import {confirm, dialog, menu} from './popover.js';
import {COMMANDS} from '../chat/slash.js';
import {Upload, fit} from '../chat/uploads.js';
import {size} from '../chat/sizes.js';

const STATES = [
  ['online', 'Online'],
  ['away', 'Away'],
  ['busy', 'Busy'],
];
const THEMES = [
  ['', 'sun', 'As the system'],
  ['light', 'sun', 'Light'],
  ['dark', 'moon', 'Dark'],
];
const PICTURE = 5 << 20;

/** `chat`: {model, client, keep, notify, theme(name), complain, announce, signOut(), made} */
export function oneselfMenu(chat, anchor) {
  const {model, client, keep, notify} = chat;
  const mine = model.person(model.me);
  const status = (state, note) =>
    client.ask({type: 'status', state, ...(note ? {note} : {})}).catch((error) => chat.complain(error.message));
  menu(
    anchor,
    'Your profile, status and settings',
    [
      STATES.map(([state, label]) => ({
        icon: presence(state, 18),
        label,
        checked: mine.state === state,
        act: () => status(state, mine.note),
      })),
      [
        {
          icon: 'edit',
          label: mine.note ? 'Change your note' : 'Say what you are doing',
          act: () =>
            askLine(
              'Your note',
              'Others see it beside your name',
              mine.note || '',
              'Save',
              (note) => status(STATES.some(([state]) => state === mine.state) ? mine.state : 'online', note),
              {limit: 100, empty: true},
            ),
        },
        {
          icon: 'user',
          label: 'What others call you',
          act: () =>
            askLine(
              'What others call you',
              'Name on screens; empty for the plain name',
              mine.display || '',
              'Save',
              (display) => chat.made({type: 'profile', display}),
              {limit: 64, empty: true},
            ),
        },
        {icon: 'image', label: mine.picture ? 'Change your picture' : 'Set a picture', act: () => choosePicture(chat)},
        {
          icon: 'key',
          label: model.hasPassword ? 'Change your password' : 'Set a password',
          act: () => passwordDialog(chat),
        },
        {icon: 'monitor', label: 'Devices and privacy', act: () => devicesDialog(chat)},
      ],
      [
        {
          icon: notify.on ? 'bell' : 'bellOff',
          label: notify.on ? 'Do not notify me' : 'Notify me of mentions',
          act: () => notify.turn(!notify.on),
        },
        ...THEMES.map(([name, shape, label]) => ({
          icon: shape,
          label,
          checked: keep.habit('theme') === name,
          act: () => chat.theme(name),
        })),
        {icon: 'keyboard', label: 'Keys and commands', key: 'Ctrl /', act: () => keysDialog()},
      ],
      [
        {
          icon: 'out',
          label: 'Sign out',
          danger: true,
          act: async () => {
            const words = model.hasPassword
              ? 'You can sign in again with your password.'
              : 'You have no password here: without another device that is signed in nobody can use your name again.';
            if (await confirm('Sign out of this browser?', words, 'Sign out')) chat.signOut();
          },
        },
      ],
    ],
    {above: true, start: true},
  );
}

function choosePicture(chat) {
  const input = el('input', {type: 'file', accept: 'image/*'});
  input.addEventListener('change', () => {
    const [blob] = input.files;
    if (!blob) return;
    try {
      const name = fit(blob, PICTURE, size);
      const upload = new Upload(
        blob,
        name,
        () => chat.client.token,
        () => {
          if (upload.state === 'going') return;
          upload.forget();
          if (upload.state === 'failed') chat.complain(upload.error);
          else chat.made({type: 'profile', picture: upload.file.file}).catch((error) => chat.complain(error.message));
        },
      );
      upload.start();
    } catch (error) {
      chat.complain(error.message);
    }
  });
  input.click();
}

function passwordDialog({model, client, announce}) {
  const old = el('input', {class: 'in', type: 'password', id: 'old-password', autocomplete: 'current-password'});
  const fresh = el('input', {
    class: 'in',
    type: 'password',
    id: 'new-password',
    autocomplete: 'new-password',
    'aria-describedby': 'password-hint',
  });
  const trouble = el('div', {class: 'er', role: 'alert'});
  const box = dialog(
    model.hasPassword ? 'Change your password' : 'Set a password',
    el(
      'form',
      {
        novalidate: true,
        onsubmit: async (event) => {
          event.preventDefault();
          try {
            await client.ask({type: 'password', new: fresh.value, ...(model.hasPassword ? {old: old.value} : {})});
            model.hasPassword = true;
            box.close();
            announce('The password is set.');
          } catch (error) {
            trouble.textContent = error.message;
          }
        },
      },
      model.hasPassword && el('div', {class: 'fieldbox'}, el('label', {class: 'fl', for: 'old-password'}, 'Now'), old),
      el(
        'div',
        {class: 'fieldbox'},
        el('label', {class: 'fl', for: 'new-password'}, 'New'),
        fresh,
        el(
          'div',
          {class: 'hint', id: 'password-hint'},
          'At least 10 characters. It opens your name on further devices.',
        ),
      ),
      trouble,
      el(
        'div',
        {class: 'buttons'},
        el('button', {type: 'button', class: 'bt', onclick: () => box.close()}, 'Cancel'),
        el('button', {type: 'submit', class: 'bt pri'}, 'Save'),
      ),
    ),
  );
  (model.hasPassword ? old : fresh).focus();
}

const KEYS = [
  ['Enter', 'Send'],
  ['Shift Enter', 'New line'],
  ['↑ in the empty box', 'Edit your last message'],
  ['Esc', 'Leave off; go to the newest'],
  ['Tab', 'Complete @names, #rooms, :emoji:'],
  ['Ctrl K', 'Jump to a room or a person'],
  ['Alt ↑ ↓', 'The room before, after'],
  ['Alt Shift ↑ ↓', 'To the next unread'],
  ['Ctrl F', 'Search messages'],
  ['Ctrl G', 'Go to a date'],
  ['Ctrl /', 'These keys'],
  ['↑ ↓ on a message', 'The message before, after'],
  ['Enter on a message', 'What to do with it'],
  ['R  +  E  C  U  Del', 'Reply, react, edit, copy, unread, delete'],
];

export function keysDialog() {
  const list = (rows) =>
    el(
      'dl',
      {class: 'keys-list'},
      rows.flatMap(([key, words]) => [el('dt', {}, el('kbd', {class: 'kc'}, key)), el('dd', {}, words)]),
    );
  dialog(
    'Keys and commands',
    el(
      'div',
      {class: 'keys-columns', tabindex: '0', role: 'region', 'aria-label': 'Keys and commands'},
      list(KEYS),
      list(Object.values(COMMANDS)),
    ),
    {width: 720},
  );
}
