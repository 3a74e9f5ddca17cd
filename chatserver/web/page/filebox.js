// What a message bears: pictures as pictures, a grid where there are several, everything else as a box to save.

import {isPicture} from '../chat/files.js';
import {size} from '../chat/sizes.js';
import {el} from './dom.js';
import {icon} from './icons.js';

const WIDE = 320;
const HIGH = 320;

/** Elements for the files of a row. `use`: {files, view(row, i), save(file)}. */
export function filesOf(row, use) {
  const pictures = row.files.filter(isPicture);
  const others = row.files.filter((file) => !isPicture(file));
  const made = [];
  if (pictures.length === 1) made.push(single(row, pictures[0], use));
  else if (pictures.length) made.push(grid(row, pictures, use));
  return [...made, ...others.map((file) => box(file, use))];
}

function open(row, file, use, more) {
  return el('button', {
    type: 'button',
    class: 'picture',
    'aria-label': `Picture ${file.name}, ${size(file.size)}`,
    onclick: () => use.view(row, file),
    ...more,
  });
}

function single(row, file, use) {
  const scale = Math.min(WIDE / file.width, HIGH / file.height, 1);
  const [width, height] = [Math.max(48, Math.round(file.width * scale)), Math.max(48, Math.round(file.height * scale))];
  const made = open(row, file, use);
  made.style.width = `${width}px`;
  made.style.aspectRatio = `${width} / ${height}`;
  fill(made, file, use, file.width > 480 || file.size > 300_000);
  return made;
}

function grid(row, pictures, use) {
  const made = el('div', {class: 'grid'});
  pictures.slice(0, 4).forEach((file, i) => {
    const tile = open(row, file, use);
    fill(tile, file, use, true);
    if (i === 3 && pictures.length > 4) tile.append(el('span', {class: 'moreover'}, `+${pictures.length - 4}`));
    made.append(tile);
  });
  return made;
}

function fill(made, file, use, thumb) {
  use.files.address(file.file, thumb).then(
    (address) => {
      made.prepend(el('img', {src: address, alt: '', draggable: 'false'}));
    },
    () => {
      made.classList.add('lost');
      made.prepend(el('span', {}, 'This picture did not arrive'));
    },
  );
}

/** A box with its kind, name, size, and a button to save it. */
function box(file, use) {
  const ready = !file.file.startsWith('~');
  return el(
    'div',
    {class: 'filebox'},
    tile(file),
    el(
      'div',
      {class: 'grow'},
      el('div', {class: 'filename', title: file.name}, file.name),
      el('div', {class: 'small'}, size(file.size)),
    ),
    ready &&
      el(
        'button',
        {type: 'button', class: 'ib', 'aria-label': `Save ${file.name}`, title: 'Save', onclick: () => use.save(file)},
        icon('download', 18),
      ),
  );
}

/** The square that says what kind of file it is. */
export function tile(file) {
  const ending = /\.([A-Za-z0-9]{1,4})$/.exec(file.name);
  return el(
    'span',
    {class: `tile ${ending && ending[1].toLowerCase() === 'pdf' ? 'pdf' : ''}`, 'aria-hidden': 'true'},
    ending ? ending[1].toUpperCase() : icon('file', 18),
  );
}
