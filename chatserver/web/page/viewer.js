// A picture over the whole window: larger and smaller, the others of the conversation, saving it. Esc closes it.

import {isPicture} from '../chat/files.js';
import {spoken} from '../chat/days.js';
import {size} from '../chat/sizes.js';
import {avatar} from './avatar.js';
import {el, iconButton} from './dom.js';
import {icon} from './icons.js';
import {modal} from './popover.js';

const STEP = 1.25;
const AROUND = 300;
/** So many before and after the one that is meant. */
const MOST = 40;

/** `{row, file}` of the pictures near this row, in their order, and which one is meant. */
export function around(timeline, row, file) {
  const at = timeline.index(row.key);
  const sights = [];
  for (let i = Math.max(0, at - AROUND); i < Math.min(timeline.count, at + AROUND); i += 1) {
    const each = timeline.row(i);
    for (const picture of each.files) if (isPicture(picture)) sights.push({row: each, file: picture});
  }
  const place = sights.findIndex((sight) => sight.row.key === row.key && sight.file.file === file.file);
  if (place < 0) return [[{row, file}], 0];
  const first = Math.max(0, place - MOST);
  return [sights.slice(first, place + MOST + 1), place - first];
}

/** `use`: {model, files, save(file), reply(row)} */
export function viewer(sights, place, use) {
  const about = el('div', {class: 'row grow viewer-about'});
  const scale = el('span', {class: 't12 zoom', role: 'status'});
  const count = el('span', {class: 't12 muted'});
  const stage = el('div', {class: 'stage', tabindex: '0', role: 'region', 'aria-label': 'The picture'});
  const thumbs = el('div', {class: 'thumbs', role: 'group', 'aria-label': 'All pictures'});
  let at = place;
  let zoom = 0; // 0: as large as fits

  const show = () => {
    const {row, file} = sights[at];
    zoom = 0;
    about.replaceChildren(
      avatar(row.user, 32, {person: use.model.person(row.user), files: use.files}),
      el(
        'div',
        {class: 'grow'},
        el('b', {class: 'ell block'}, row.name),
        el(
          'div',
          {class: 't12 muted ell'},
          `${file.name}, ${file.width} × ${file.height}, ${size(file.size)}, ${spoken(row.at, Date.now())}`,
        ),
      ),
    );
    count.textContent = sights.length > 1 ? `${at + 1} of ${sights.length}` : '';
    [...thumbs.children].forEach((thumb, i) => thumb.setAttribute('aria-current', String(i === at)));
    if (thumbs.children[at]) thumbs.children[at].scrollIntoView({block: 'nearest', inline: 'center'});
    const shown = el('img', {alt: `${file.name}, sent by ${row.name}`});
    stage.replaceChildren(shown);
    use.files.address(file.file).then(
      (address) => {
        shown.src = address;
        draw();
      },
      (error) => stage.replaceChildren(el('p', {}, error.message)),
    );
    draw();
  };
  const draw = () => {
    const shown = stage.querySelector('img');
    const {file} = sights[at];
    scale.textContent = zoom ? `${Math.round(zoom * 100)} %` : 'Fit';
    if (!shown) return;
    shown.classList.toggle('fit', !zoom);
    shown.style.width = zoom ? `${Math.round(file.width * zoom)}px` : '';
  };
  const fitted = () =>
    Math.min(stage.clientWidth / sights[at].file.width, stage.clientHeight / sights[at].file.height, 1);
  const turn = (step) => {
    at = (at + step + sights.length) % sights.length;
    show();
  };
  const resize = (factor) => {
    zoom = factor ? Math.max(0.05, Math.min(8, (zoom || fitted()) * factor)) : 0;
    draw();
  };
  const made = el(
    'dialog',
    {class: 'viewer', 'aria-label': 'Picture'},
    el(
      'div',
      {class: 'viewer-head'},
      about,
      count,
      iconButton(icon('zoomOut'), 'Smaller', () => resize(1 / STEP)),
      scale,
      iconButton(icon('zoomIn'), 'Larger', () => resize(STEP)),
      el('span', {class: 'split'}),
      iconButton(icon('reply'), 'Reply', () => {
        made.close();
        use.reply(sights[at].row);
      }),
      iconButton(icon('download'), 'Save', () => use.save(sights[at].file)),
      iconButton(icon('x'), 'Close', () => made.close()),
    ),
    el(
      'div',
      {class: 'viewer-body'},
      sights.length > 1 && iconButton(icon('left', 22), 'The picture before', () => turn(-1), {class: 'ib round'}),
      stage,
      sights.length > 1 && iconButton(icon('right', 22), 'The next picture', () => turn(1), {class: 'ib round'}),
    ),
    sights.length > 1 && thumbs,
  );
  sights.forEach(({file}, i) => {
    const thumb = el('button', {type: 'button', class: 'thumb', 'aria-label': file.name, onclick: () => turn(i - at)});
    use.files.address(file.file, true).then(
      (address) => thumb.append(el('img', {src: address, alt: ''})),
      () => null,
    );
    thumbs.append(thumb);
  });
  const keys = {
    ArrowLeft: () => turn(-1),
    ArrowRight: () => turn(1),
    '+': () => resize(STEP),
    '-': () => resize(1 / STEP),
    0: () => resize(0),
  };
  made.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (keys[event.key] && !(zoom && event.key.startsWith('Arrow'))) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  modal(made);
  show();
}
