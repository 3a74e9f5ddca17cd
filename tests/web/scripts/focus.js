// Where the keyboard is: the part of the page, whether a ring shows it, and the element.
() => {
  const on = document.activeElement;
  if (on === document.body) return null;
  const style = getComputedStyle(on),
    box = on.closest('.cmp') ? getComputedStyle(on.closest('.cmp')) : style;
  const inner = on.querySelector && on.querySelector('.bubble') ? getComputedStyle(on.querySelector('.bubble')) : style;
  const seen = [style, box, inner].some((each) => each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) >= 2);
  const landmark = on.closest('nav')
    ? 'nav'
    : on.closest('header')
      ? 'header'
      : on.closest('.scroller')
        ? 'messages'
        : on.closest('.composer')
          ? 'composer'
          : 'other';
  return [landmark, seen, on.outerHTML.slice(0, 120)];
};
