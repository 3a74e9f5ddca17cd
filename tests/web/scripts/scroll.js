// Scroll by a page, by many, by the thumb, to both ends; after each frame look for a hole.
async () => {
  const {element} = window.view;
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const found = {holes: [], most: 0, places: new Set()};
  const look = async (what) => {
    await frame();
    const gap = window.hole();
    if (gap) found.holes.push([what, gap, element.scrollTop]);
    found.most = Math.max(found.most, document.querySelectorAll('.rows *').length);
    found.places.add(element.querySelector('.entry').dataset.key);
  };
  for (let i = 0; i < 60; i += 1) {
    element.scrollTop -= 700;
    await look('page up');
  }
  for (let i = 0; i < 40; i += 1) {
    element.scrollTop -= 40_000;
    await look('pages up');
  }
  for (let i = 0; i < 40; i += 1) {
    element.scrollTop = (element.scrollHeight * ((i * 37) % 100)) / 100;
    await look('thumb');
  }
  for (let i = 0; i < 40; i += 1) {
    element.scrollTop += 650;
    await look('page down');
  }
  element.scrollTop = 0;
  await look('top');
  await look('top');
  found.top = element.querySelector('.entry').dataset.key;
  element.scrollTop = element.scrollHeight;
  await look('end');
  await look('end');
  found.end = [...element.querySelectorAll('.entry')].at(-1).dataset.key;
  return {...found, places: found.places.size};
};
