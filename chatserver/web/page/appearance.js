// Light or dark: as the system says, or as was chosen here. The page's colours follow `data-theme`.

const COLOURS = {light: '#F3F3F7', dark: '#15151A'};

/** Begin; gives what chooses ('' as the system, 'light', 'dark'). `changed` is called when it is another. */
export function appearance(keep, changed) {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    const chosen = keep.habit('theme');
    const shown = chosen || (system.matches ? 'dark' : 'light');
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    root.dataset.shown = shown;
    document.querySelector('meta[name=theme-color]').content = COLOURS[shown];
    changed();
  };
  system.addEventListener('change', show);
  show();
  return (name) => {
    keep.setHabit('theme', name);
    show();
  };
}
