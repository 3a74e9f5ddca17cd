// What a day is called before and after midnight, and whether its rows are drawn anew then and only then.
async (steps) => {
  const {Model} = await import('/assets/chat/model.js');
  const now = Date.now;
  const model = new Model();
  for (const step of steps) if (step.type === 'connected' || step.type === 'arrived') model.apply(step);
  const event = {type: 'message', seq: 1_000, time: new Date().toISOString(), room: 'lobby', user: 'bob', id: 'm', text: 'now'};
  model.apply({type: 'arrived', event});
  model.take();
  const day = () => {
    const {timeline} = model.talks.get('lobby');
    for (let i = timeline.count - 1; i >= 0; i -= 1) if (timeline.row(i).day) return timeline.row(i).day;
    return '';
  };
  const before = day();
  model.tick(now());
  const kept = [...model.take().rows.keys()];
  try {
    Date.now = () => now() + 86_400_000;
    model.tick(Date.now());
    return {before, kept, after: day(), drawn: model.take().rows.has('lobby')};
  } finally {
    Date.now = now;
  }
};
