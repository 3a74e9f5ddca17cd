// Read on from the middle of the room "log" to its end; how many of the entries 260 to 399 were seen.
async () => {
  const scroller = document.querySelector('.scroller');
  const seen = new Set();
  for (let i = 0; i < 400 && !document.querySelector('.floating').hidden; i += 1) {
    scroller.scrollTop += 300;
    await new Promise((done) => setTimeout(done, 10));
    for (const row of document.querySelectorAll('article')) {
      const found = /entry (\d+)/.exec(row.textContent);
      if (found) seen.add(Number(found[1]));
    }
  }
  return [...seen].filter((number) => number >= 260 && number < 400).length;
};
