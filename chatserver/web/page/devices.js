// One's devices, with a way to sign out of each, and whether others see how far one has read.

import {spoken} from '../chat/days.js';
import {el, hidden} from './dom.js';
import {icon} from './icons.js';
import {confirm, dialog} from './popover.js';

const SHAPES = [
  [/phone|android|ipad/i, 'phone'],
  [/browser|firefox|chrome|safari|edge|web/i, 'globe'],
];

/** Open the dialog. `chat`: {model, client, announce, draw()} */
export function devicesDialog(chat) {
  const {model, client} = chat;
  const list = el('ul', {class: 'devices', 'aria-labelledby': 'devices-label'});
  const trouble = el('div', {class: 'er', role: 'alert'});
  const fail = (error) => trouble.replaceChildren(icon('alert', 16), el('span', {}, error.message));
  const receipts = el('input', {
    type: 'checkbox',
    id: 'receipts',
    role: 'switch',
    class: 'switch',
    'aria-describedby': 'receipts-hint',
  });
  receipts.checked = model.receipts;
  receipts.addEventListener('change', async () => {
    const wanted = receipts.checked;
    trouble.replaceChildren();
    try {
      await client.ask({type: 'prefer', receipts: wanted});
      model.prefer(wanted);
      chat.draw();
    } catch (error) {
      receipts.checked = !wanted;
      fail(error);
    }
  });
  const draw = async () => {
    const {sessions} = await client.ask({type: 'sessions'});
    const newest = (a, b) => (b.seen || b.created).localeCompare(a.seen || a.created);
    sessions.sort(
      (a, b) => Boolean(b.current) - Boolean(a.current) || Boolean(b.here) - Boolean(a.here) || newest(a, b),
    );
    list.replaceChildren(...sessions.map((session) => row(session, () => signOut(session))));
  };
  const signOut = async (session) => {
    trouble.replaceChildren();
    const name = nameOf(session);
    const words = model.hasPassword
      ? 'It needs your password to come in again.'
      : 'You have no password here: it can not come in again, unless you set one.';
    if (!(await confirm(`Sign out of ${name}?`, words, 'Sign out'))) return;
    try {
      await client.ask({type: 'sign_out', session: session.session});
      await draw();
      chat.announce(`${name} is signed out.`);
    } catch (error) {
      fail(error);
    }
    title.focus();
  };
  const title = el('h3', {class: 'lab bare', id: 'devices-label', tabindex: '-1'}, 'Devices');
  dialog(
    'Devices and privacy',
    [
      el(
        'div',
        {class: 'set first'},
        el(
          'label',
          {class: 'grow', for: 'receipts'},
          'How far I have read',
          el(
            'span',
            {class: 't12 muted block', id: 'receipts-hint'},
            "In direct conversations and rooms of up to 20. Off: you see nobody else's either",
          ),
        ),
        receipts,
      ),
      title,
      list,
      trouble,
    ],
    {width: 480},
  );
  draw().catch(fail);
  receipts.focus();
}

const nameOf = ({client}) => {
  const name = (client || '').trim() || 'A device';
  return name[0].toUpperCase() + name.slice(1);
};

function row(session, signOut) {
  const name = nameOf(session);
  const shape = (SHAPES.find(([sign]) => sign.test(name)) || ['', 'monitor'])[1];
  return el(
    'li',
    {class: 'device'},
    icon(shape),
    el(
      'div',
      {class: 'grow'},
      el(
        'div',
        {class: 'row gap8'},
        el('span', {class: 'ell'}, name),
        session.current && el('span', {class: 'tag owner'}, 'This one'),
      ),
      el('div', {class: 't12 muted'}, lastHere(session, Date.now())),
    ),
    !session.current &&
      el('button', {type: 'button', class: 'bt s', onclick: signOut}, 'Sign out', hidden(` of ${name}`)),
  );
}

/** `Here now`, or `Yesterday at 18:04, from 192.0.2.14`. */
function lastHere({here, current, seen, created, address}, now) {
  const place = address ? `, from ${address}` : '';
  if (here) return current ? 'Here now' : `Here now${place}`;
  const at = Date.parse(seen || created);
  if (Number.isNaN(at)) return `Not here${place}`;
  const words = spoken(at, now);
  return words[0].toUpperCase() + words.slice(1) + place;
}
