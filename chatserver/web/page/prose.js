// The text of a message as elements: the blocks and spans of chat/markup.js, each a text node in an element of its style.

import {leads} from '../chat/addresses.js';
import {BOLD, CODE, ITALIC, MENTION, STRIKE, YOU, blocks} from '../chat/markup.js';
import {el} from './dom.js';

const TAGS = [
  [BOLD, 'b'],
  [ITALIC, 'i'],
  [STRIKE, 's'],
  [CODE, 'code'],
];

/** Blocks, ready to be put into a bubble. `tail` (the time) is put into the last block of text, to stand beside it. */
export function prose(text, me, tail = null, {place = () => null} = {}) {
  const parts = blocks(text, me);
  const made = parts.map((block) => blockOf(block, text, place));
  const last = made.at(-1);
  if (tail && parts.at(-1).kind === 'text') last.append(tail);
  else if (tail) made.push(el('div', {class: 'text'}, tail));
  return made;
}

function blockOf(block, text, place) {
  const lines = block.lines.flatMap((line, i) => [
    ...(i ? ['\n'] : []),
    ...line.spans.map((span) => spanOf(span, text, place)),
  ]);
  if (block.kind === 'code') return el('pre', {tabindex: '0', dir: 'ltr'}, el('code', {}, ...lines));
  return el(block.kind === 'quote' ? 'blockquote' : 'div', {class: 'text', dir: 'auto'}, ...lines);
}

function spanOf({start, end, style, address}, text, place) {
  let made = document.createTextNode(text.slice(start, end));
  for (const [bit, tag] of TAGS) if (style & bit) made = el(tag, {}, made);
  if (style & MENTION) made = el('span', {class: style & YOU ? 'mention you' : 'mention'}, made);
  if (address && leads(address)) made = link(address, made, place);
  return made;
}

/** A link. What leads into this chat opens here (`place(address)` gives what to do then). */
function link(address, made, place) {
  const go = place(address);
  const about = go
    ? {
        href: address,
        onclick: (event) => {
          event.preventDefault();
          go();
        },
      }
    : {href: address, target: '_blank', rel: 'noopener noreferrer'};
  return el('a', about, made);
}
