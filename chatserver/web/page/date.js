// Going to a day of a conversation: a date, how much was said on it, and the first entry of it.

import {dayName, isoDay, midnight, wireTime} from '../chat/days.js';
import {el} from './dom.js';
import {icon} from './icons.js';
import {dialog} from './popover.js';

const BEGINNING = 0;
/** Milliseconds after which a day that is being typed is asked about. */
const WAIT = 200;

/** Ask for a day, and show where it begins. `at`: a moment of the day that is looked at. `chat`: {model, client, show(room, seq)} */
export function goToDate(chat, at = Date.now()) {
  const {talk} = chat.model;
  if (!talk) return;
  const {room} = talk;
  const input = el('input', {class: 'in', type: 'date', id: 'date', value: isoDay(at), max: isoDay(Date.now())});
  const said = el('p', {class: 'hint', role: 'status'});
  const trouble = el('div', {class: 'er', role: 'alert'});
  const go = el('button', {type: 'submit', class: 'bt pri'}, 'Go there');
  let first = BEGINNING;
  let asked = 0;
  let timer = 0;
  /** Say how much was said on the day that stands there; what was found, null where that is not known. */
  const look = async () => {
    clearTimeout(timer);
    const mine = (asked += 1);
    const day = input.value;
    trouble.replaceChildren();
    go.disabled = !day;
    if (!day) {
      said.textContent = 'Choose a day.';
      return null;
    }
    try {
      const found = await of(chat.client, room, day);
      if (mine !== asked) return null;
      first = found.first || BEGINNING;
      said.textContent = words(found, day);
      go.disabled = !found.seq;
      return found;
    } catch (error) {
      if (mine === asked) trouble.replaceChildren(icon('alert', 16), el('span', {}, error.message));
      return null;
    }
  };
  const set = (moment) => {
    input.value = isoDay(moment);
    input.focus();
    look();
  };
  const chip = (label, moment) => el('button', {type: 'button', class: 'chip', onclick: () => set(moment())}, label);
  const box = dialog(
    'Go to a date',
    el(
      'form',
      {
        novalidate: true,
        onsubmit: async (event) => {
          event.preventDefault();
          const answer = await look();
          if (!answer || !answer.seq || !box.open) return;
          box.close();
          chat.show(room, answer.seq);
        },
      },
      el('div', {class: 'fieldbox'}, el('label', {class: 'fl', for: 'date'}, 'Day'), input, said, trouble),
      el(
        'div',
        {class: 'chips near'},
        chip('First message', () => first),
        chip('Last week', () => midnight(isoDay(Date.now()), -7)),
        chip('Today', () => Date.now()),
      ),
      el(
        'div',
        {class: 'buttons'},
        el('button', {type: 'button', class: 'bt', onclick: () => box.close()}, 'Cancel'),
        go,
      ),
    ),
    {width: 360},
  );
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.focus();
  look();
}

/** `{count, seq, next, first}`: what was said on that day, the first entry of it or after it, whether that is a later day's,
 *  and when the conversation began. */
async function of(client, room, day) {
  const [begin, end] = [midnight(day), midnight(day, 1)];
  const edges = [begin, end, Math.max(midnight(isoDay(Date.now()), 1), end + 1)];
  const {counts, seqs, first} = await client.ask({type: 'calendar', room, edges: edges.map(wireTime)});
  return {count: counts[0], seq: seqs[0] || seqs[1], next: !seqs[0], first: first ? Date.parse(first) : 0};
}

function words({count, seq, next}, day) {
  const name = dayName(midnight(day), Date.now());
  if (!seq) return `Nothing was said since ${name}.`;
  if (next) return `Nothing was said on that day. What came next is shown.`;
  return `${name}: ${count} ${count === 1 ? 'message' : 'messages'}`;
}
