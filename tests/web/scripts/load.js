// A room with `count` messages, told to the page's own timeline and view as pages of the wire are.
async (count) => {
  // The page's own modules, with a history that is told to them as pages of the wire are.
  const {Timeline} = await import('/assets/chat/timeline.js');
  const {Conversation} = await import('/assets/page/conversation.js');
  const about = {
    me: 'alice',
    now: () => Date.now(),
    nameOf: (name) => name,
    permit: (user) => ({own: user === 'alice', muted: false, deletes: false}),
  };
  const timeline = new Timeline(about, count);
  const message = (seq) => ({
    type: 'message',
    seq,
    prev: seq - 1,
    time: new Date(1.7e12 + seq * 45_000).toISOString(),
    room: 'long',
    user: ['alice', 'bob', 'carol'][(seq >> 2) % 3],
    id: `i${seq}`,
    text:
      `Message ${seq}` +
      (seq % 7 ? '' : '\nwith a second line') +
      (seq % 31 ? '' : ' and words enough that it needs several lines, '.repeat(6)),
    reactions: seq % 13 ? undefined : {'👍': ['bob']},
  });
  const view = new Conversation({
    model: {me: 'alice', person: () => ({state: 'online'})},
    files: null,
    act() {},
    pressed() {},
    place: () => null,
    edge(which) {
      window.edges.push(which);
    },
    moved() {},
    focused() {},
  });
  window.edges = [];
  document.getElementById('app').replaceChildren();
  const main = document.createElement('main');
  main.className = 'talk';
  main.style.height = '800px';
  view.element.style.height = '800px';
  main.append(view.element);
  document.getElementById('app').append(main);
  Object.assign(window, {timeline, view, message});
  const page = (first, last) => ({
    messages: Array.from({length: last - first + 1}, (_, i) => message(first + i)),
    more_before: first > 1,
    more_after: false,
    through: count,
  });
  timeline.page(page(count - 199, count), 0);
  view.show(timeline, 'long');
  let moved = 0;
  for (let last = count - 200; last > 0; last -= 200) {
    const anchor = document.elementFromPoint(300, 400).closest('.entry');
    const before = anchor && anchor.getBoundingClientRect().top;
    const change = timeline.page(page(Math.max(1, last - 199), last), timeline.firstSeq);
    if (last % 10_000 === 0) {
      view.changed([change]);
      if (Math.abs(anchor.getBoundingClientRect().top - before) > 1) moved += 1;
    } else if (last < 400) view.changed([change]);
  }
  return {count: timeline.count, moved};
};
