// Three hundred timelines: pages, live events, jumps and changes in odd orders. Gives those that end wrong.
async () => {
  const {Timeline} = await import('/assets/chat/timeline.js');
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const about = {me: 'alice', now: () => 0, nameOf: (name) => name, permit: () => ({own: false})};
  const wrong = [];
  for (let run = 0; run < 300; run += 1) {
    const all = [];
    const count = 20 + random(60);
    const folded = new Map();
    for (let i = 0; i < count; i += 1) {
      const seq = (all.length ? all.at(-1).seq : 0) + 1 + random(3);
      const head = {
        seq,
        prev: all.length ? all.at(-1).seq : 0,
        time: new Date(1e12 + seq * 1000).toISOString(),
        room: 'r',
        user: ['alice', 'bob', 'carol'][random(3)],
        id: `i${seq}`,
      };
      const messages = [...folded.keys()];
      const of = messages[random(messages.length || 1)];
      const kind = messages.length ? random(8) : 0;
      if (kind === 5) all.push({...head, type: 'joined'});
      else if (kind === 6) {
        all.push({...head, type: 'edited', of, text: `e${seq}`});
        if (!folded.get(of).deleted) folded.set(of, {...folded.get(of), text: `e${seq}`, edited: head.time});
      } else if (kind === 7) {
        all.push({...head, type: 'deleted', of});
        folded.set(of, {...folded.get(of), text: '', deleted: true, deleted_by: head.user});
      } else {
        const message = {...head, type: 'message', text: `t${seq}`};
        all.push(message);
        folded.set(seq, message);
      }
    }
    const entries = (through) =>
      all
        .filter((e) => e.seq <= through && !['edited', 'deleted'].includes(e.type))
        .map((e) => {
          if (e.type !== 'message') return e;
          let now = e;
          for (const change of all) {
            if (change.seq > through || change.of !== e.seq) continue;
            if (change.type === 'edited' && !now.deleted) now = {...now, text: change.text, edited: change.time};
            if (change.type === 'deleted')
              now = {...now, text: '', deleted: true, deleted_by: now.deleted_by || change.user};
          }
          return now;
        });
    const start = random(all.length);
    let tip = start ? all[start - 1].seq : 0;
    const timeline = new Timeline(about, tip);
    const page = (how) => {
      const list = entries(tip);
      const limit = 1 + random(9);
      if (how === 'before') {
        const before = timeline.firstSeq;
        const fit = list.filter((e) => !before || e.seq < before);
        return [
          {messages: fit.slice(-limit), more_before: fit.length > limit, more_after: false, through: tip},
          before,
        ];
      }
      if (how === 'after') {
        const at = timeline.newestSeq;
        const fit = list.filter((e) => e.seq > at);
        return [{messages: fit.slice(0, limit), more_after: fit.length > limit, more_before: true, through: tip}, at];
      }
      const at = random(list.length || 1);
      return [
        {
          messages: list.slice(Math.max(0, at - limit), at + limit),
          more_before: at - limit > 0,
          more_after: at + limit < list.length,
          through: tip,
        },
      ];
    };
    let next = start;
    for (let step = 0; step < 200; step += 1) {
      const does = random(7);
      if (does < 2 && next < all.length) {
        tip = all[next].seq;
        timeline.arrived(all[next]);
        next += 1;
      } else if (does === 2) timeline.page(...page('before'));
      else if (does === 3 && !timeline.attached) timeline.newer(...page('after'));
      else if (does === 4 && tip && entries(tip).length) timeline.jump(...page('around'));
      else if (does === 5) timeline.attach();
      else if (does === 6) timeline.trim(1 + random(20));
    }
    while (next < all.length) {
      tip = all[next].seq;
      timeline.arrived(all[next]);
      next += 1;
    }
    timeline.attach();
    for (let i = 0; i < 200 && !timeline.complete; i += 1) timeline.page(...page('before'));
    const shown = [];
    for (let i = 0; i < timeline.count; i += 1) {
      const row = timeline.row(i);
      if (row.kind !== 'notice') shown.push([row.seq, row.kind === 'tombstone' ? '' : row.text]);
    }
    const wanted = entries(tip)
      .filter((e) => e.type === 'message')
      .map((e) => [e.seq, e.text]);
    if (JSON.stringify(shown) !== JSON.stringify(wanted)) wrong.push({run, shown, wanted});
    let joined = 0;
    for (let i = 0; i < timeline.count; i += 1) if (timeline.row(i).kind === 'notice') joined += 1;
    if (joined === 0 && all.some((e) => e.type === 'joined')) wrong.push({run, joined});
  }
  return wrong.slice(0, 2);
};
