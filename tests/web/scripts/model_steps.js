// The model of the page, led through steps: the numbers of every conversation, and what was told as read, after each.
async (steps) => {
  const {Model} = await import('/assets/chat/model.js');
  const model = new Model();
  const does = {
    open: ({room}) => model.open(room),
    focus: ({on}) => model.focus(on),
    page: ({room, page}) => model.page(room, page, 'page', 0),
    unreadFrom: ({room, seq}) => model.unreadFrom(room, seq),
  };
  return steps.map((step) => {
    if (does[step.type]) does[step.type](step);
    else model.apply(step);
    const {reads} = model.take();
    const numbers = [...model.talks.values()].map(({room, unread, mentions, read}) => [room, [unread, mentions, read]]);
    return {talks: Object.fromEntries(numbers), reads: Object.fromEntries(reads.map(({room, seq}) => [room, seq]))};
  });
};
