// How far the row under the eyes moved while the history grew and changed.
async () => {
  const {element} = window.view;
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  element.scrollTop -= 20_000;
  await frame();
  const place = () => {
    const row = document.elementFromPoint(300, 300).closest('.entry');
    return [row.dataset.key, row.getBoundingClientRect().top];
  };
  const [key, top] = place();
  let worst = 0;
  for (let seq = 3001; seq < 3100; seq += 1) {
    view.changed([timeline.arrived(message(seq))]);
    const row = document.querySelector(`[data-key="${key}"]`);
    worst = Math.max(worst, Math.abs(row.getBoundingClientRect().top - top));
  }
  timeline.arrived({
    type: 'edited',
    seq: 4000,
    of: 3,
    time: new Date().toISOString(),
    room: 'long',
    user: 'bob',
    id: 'e',
    text: 'longer '.repeat(500),
  });
  view.changed([{refreshed: true}]);
  await frame();
  return Math.max(worst, Math.abs(document.querySelector(`[data-key="${key}"]`).getBoundingClientRect().top - top));
};
