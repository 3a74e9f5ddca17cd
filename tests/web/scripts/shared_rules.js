// What the page makes of names, sizes, mentions and rights.
async ({names, counts, texts, rooms, roles, deeds}) => {
  const {colourIndex, directName, mentioned} = await import('/assets/chat/names.js');
  const {size, progress} = await import('/assets/chat/sizes.js');
  const {may} = await import('/assets/chat/rights.js');
  const {people} = await import('/assets/chat/notices.js');
  return {
    colours: names.map(colourIndex),
    direct: names.map((name) => directName('bob', name)),
    sizes: counts.map(size),
    progress: counts.map((count) => progress(count >> 1, count)),
    mentioned: texts.map((text) => mentioned(text, 'alice')),
    people: [1, 2, 3, 4, 6].map((n) => people(names.slice(0, n))),
    may: deeds.flatMap((deed) =>
      rooms.flatMap((room) =>
        roles.flatMap((role) => roles.flatMap((to) => [false, true].map((one) => may(deed, room, role, to, one)))),
      ),
    ),
  };
};
