// How many pixels of the window no row covers, beginning at its top.
() => {
  const {element} = window.view;
  const box = element.getBoundingClientRect();
  const rows = [...element.querySelectorAll('.entry')].map((row) => row.getBoundingClientRect());
  let y = box.top;
  for (const row of rows) if (row.top <= y + 1 && row.bottom > y) y = row.bottom;
  return y < box.bottom - 5 ? Math.round(box.bottom - y) : 0;
};
