// What the pointer does in a conversation: the bar over a message, its menu, files that are dropped.

const hovers = () => matchMedia('(hover: hover)').matches;

/** Listen. `chat`: {view, acts, composer, model, main, element, drop} */
export function pointer(chat) {
  const {view, acts} = chat;
  const rowOf = (article) => view.row(article.closest('.entry').dataset.key);
  const hover = (target) => {
    if (acts.bar.element.contains(document.activeElement)) return;
    const article = target && target.closest('article');
    const row = article ? rowOf(article) : null;
    if (row) acts.bar.at(row, article);
    else acts.bar.leave();
  };
  view.element.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && hover(event.target));
  view.element.addEventListener('pointerleave', () => hover(null));
  view.element.addEventListener('contextmenu', (event) => {
    const article = event.target.closest('article');
    if (!article || event.target.closest('a, img') || String(getSelection())) return;
    event.preventDefault();
    acts.menu(rowOf(article), {x: event.clientX, y: event.clientY});
  });
  // Where nothing hovers, a touch on a message opens its menu.
  view.element.addEventListener('click', (event) => {
    if (hovers() || event.target.closest('a, button') || String(getSelection())) return;
    const bubble = event.target.closest('.bubble, .action');
    const article = bubble && bubble.closest('article');
    if (article) acts.menu(rowOf(article), bubble);
  });
  dropping(chat);
}

/** The keyboard is on this message: the bar stands there. */
export function focused(acts, row, article) {
  if (row && article && hovers()) acts.bar.at(row, article);
}

function dropping({main, element, drop, composer, model}) {
  const bears = (event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files') && model.talk;
  let depth = 0;
  const shown = (by) => {
    depth = Math.max(0, by ? depth + by : 0);
    drop.hidden = !depth;
  };
  main.addEventListener('dragenter', (event) => bears(event) && shown(1));
  main.addEventListener('dragleave', (event) => bears(event) && shown(-1));
  element.addEventListener('dragover', (event) => bears(event) && event.preventDefault());
  element.addEventListener('drop', (event) => {
    if (!bears(event)) return;
    event.preventDefault();
    shown(0);
    composer.attach([...event.dataTransfer.files]);
  });
}
