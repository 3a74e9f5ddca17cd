// The icons: strokes on a grid of 24, drawn as SVG elements. From the design of the desktop client.

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  hash: [['path', {d: 'M9.8 4 7.6 20M16.4 4l-2.2 16M4.5 9h16M3.5 15h16'}]],
  lock: [
    ['rect', {x: '5', y: '11', width: '14', height: '9', rx: '2.5'}],
    ['path', {d: 'M8 11V8a4 4 0 0 1 8 0v3'}],
  ],
  plus: [['path', {d: 'M12 5v14M5 12h14'}]],
  search: [
    ['circle', {cx: '11', cy: '11', r: '6.5'}],
    ['path', {d: 'm16 16 4.5 4.5'}],
  ],
  members: [
    ['circle', {cx: '9', cy: '8', r: '3.4'}],
    [
      'path',
      {
        d: 'M2.8 19.5c.5-3.6 3-5.6 6.2-5.6s5.700 2 6.200 5.600M15.500 4.900a3.400 3.400 0 0 1 0 6.200M17.600 14.300c2.100.7 3.400 2.500 3.700 5.200',
      },
    ],
  ],
  more: [
    ['circle', {stroke: 'none', cx: '5', cy: '12', r: '1.8', fill: 'currentColor'}],
    ['circle', {stroke: 'none', cx: '12', cy: '12', r: '1.8', fill: 'currentColor'}],
    ['circle', {stroke: 'none', cx: '19', cy: '12', r: '1.8', fill: 'currentColor'}],
  ],
  clip: [
    [
      'path',
      {
        d: 'm20.500 11.200-8.500 8.500a5.300 5.300 0 0 1-7.500-7.500l8.700-8.700a3.500 3.500 0 0 1 5 5l-8.700 8.700a1.800 1.800 0 0 1-2.500-2.500l7.900-7.900',
      },
    ],
  ],
  smile: [
    ['circle', {cx: '12', cy: '12', r: '9'}],
    ['path', {d: 'M8 14.200c.9 1.500 2.300 2.300 4 2.300s3.100-.8 4-2.300'}],
    ['path', {d: 'M9 9.300v.6M15 9.300v.6', 'stroke-width': '2.400'}],
  ],
  send: [['path', {stroke: 'none', d: 'M3 3.500 22 12 3 20.500 6 13.200 13.500 12 6 10.800z', fill: 'currentColor'}]],
  moon: [
    [
      'path',
      {
        stroke: 'none',
        d: 'M20.500 14.500A8.800 8.800 0 0 1 9.500 3.500a8.800 8.800 0 1 0 11 11z',
        fill: 'currentColor',
      },
    ],
  ],
  sun: [
    ['circle', {cx: '12', cy: '12', r: '4.200'}],
    [
      'path',
      {
        d: 'M12 2.500v2.300M12 19.200v2.300M2.500 12h2.300M19.200 12h2.300M5.300 5.300l1.600 1.600M17.100 17.100l1.600 1.600M5.300 18.700l1.600-1.600M17.100 6.900l1.600-1.600',
      },
    ],
  ],
  x: [['path', {d: 'm6 6 12 12M18 6 6 18'}]],
  check: [['path', {d: 'm4.500 12.500 5 5L20 7'}]],
  reply: [['path', {d: 'M9.500 6 4 11.500 9.500 17M4 11.500h10a6 6 0 0 1 6 6V19'}]],
  edit: [
    ['path', {d: 'M4 20l1-4.500L16 4.500a2.100 2.100 0 0 1 3 0l.5.5a2.100 2.100 0 0 1 0 3L8.500 19z'}],
    ['path', {d: 'm14 6.500 3.500 3.500'}],
  ],
  trash: [['path', {d: 'M4.500 7h15M9.500 7V4.500h5V7M6.500 7l.8 12.500h9.400L17.500 7M10.200 11v5M13.800 11v5'}]],
  copy: [
    ['rect', {x: '8.500', y: '8.500', width: '11.500', height: '11.500', rx: '2.500'}],
    [
      'path',
      {
        d: 'M15.500 8.500V6.300A2.300 2.300 0 0 0 13.200 4H6.300A2.300 2.300 0 0 0 4 6.300v6.900a2.300 2.300 0 0 0 2.300 2.300h2.200',
      },
    ],
  ],
  link: [
    [
      'path',
      {
        d: 'M10 14a4.200 4.200 0 0 0 6 0l3-3a4.200 4.200 0 0 0-6-6l-1.300 1.300M14 10a4.200 4.200 0 0 0-6 0l-3 3a4.200 4.200 0 0 0 6 6l1.300-1.300',
      },
    ],
  ],
  bell: [['path', {d: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500a2.200 2.200 0 0 0 4 0'}]],
  bellOff: [
    [
      'path',
      {
        d: 'M6 16.500V11c0-1 .2-2 .7-2.800M9 5.800A6 6 0 0 1 18 11v3M17 18H4.500L6 16.500M10 20.500a2.200 2.200 0 0 0 4 0M4 4l16 16',
      },
    ],
  ],
  user: [
    ['circle', {cx: '12', cy: '8', r: '3.800'}],
    ['path', {d: 'M4.800 20c.6-4 3.400-6.200 7.200-6.200s6.600 2.200 7.200 6.200'}],
  ],
  file: [
    [
      'path',
      {
        d: 'M13.500 3.500h-6A2.500 2.500 0 0 0 5 6v12a2.500 2.500 0 0 0 2.500 2.500h9A2.500 2.500 0 0 0 19 18V9zM13.500 3.500V9H19',
      },
    ],
  ],
  record: [
    [
      'path',
      {
        d: 'M13.500 3.500h-6A2.500 2.500 0 0 0 5 6v12a2.500 2.500 0 0 0 2.500 2.500h9A2.500 2.500 0 0 0 19 18V9zM13.500 3.500V9H19M8.500 12.500h7M8.500 16h5',
      },
    ],
  ],
  down: [['path', {d: 'm6.500 9.500 5.500 5.500 5.500-5.500'}]],
  left: [['path', {d: 'M14.500 6.500 9 12l5.500 5.500'}]],
  right: [['path', {d: 'M9.500 6.500 15 12l-5.500 5.500'}]],
  down2: [['path', {d: 'M12 5v14M6 13l6 6 6-6'}]],
  clock: [
    ['circle', {cx: '12', cy: '12', r: '8.500'}],
    ['path', {d: 'M12 7.500V12l3 2'}],
  ],
  alert: [
    ['circle', {cx: '12', cy: '12', r: '9'}],
    ['path', {d: 'M12 7.500v5.500'}],
    ['path', {d: 'M12 16.300v.2', 'stroke-width': '2.600'}],
  ],
  retry: [['path', {d: 'M19.500 12a7.500 7.500 0 1 1-2.200-5.300L20 9.300M20 4.500v4.800h-4.800'}]],
  download: [['path', {d: 'M12 4v11M7 10.500l5 5 5-5M4.500 19.500h15'}]],
  zoomIn: [
    ['circle', {cx: '11', cy: '11', r: '6.500'}],
    ['path', {d: 'm16 16 4.500 4.500M8.200 11h5.600M11 8.200v5.600'}],
  ],
  zoomOut: [
    ['circle', {cx: '11', cy: '11', r: '6.500'}],
    ['path', {d: 'm16 16 4.500 4.500M8.200 11h5.600'}],
  ],
  offline: [
    [
      'path',
      {
        d: 'M4.500 9.500c1.300-1.200 2.800-2 4.500-2.500M12 6.500c2.900 0 5.500 1.100 7.500 3M7.500 13c.8-.7 1.700-1.200 2.700-1.500M14.500 11.800c.7.3 1.400.7 2 1.200M12 17.500h.1M4 3.500l16 17',
      },
    ],
  ],
  crown: [['path', {d: 'M4.500 17.500 3.500 8l4.800 3.500L12 6l3.700 5.500L20.500 8l-1 9.500z'}]],
  shield: [['path', {d: 'M12 3.500 5 6v5.500c0 4.300 2.900 7.300 7 9 4.100-1.700 7-4.700 7-9V6z'}]],
  out: [
    ['path', {d: 'M10 4.500H7A2.500 2.500 0 0 0 4.500 7v10A2.500 2.500 0 0 0 7 19.500h3M15 8l4 4-4 4M19 12H9.500'}],
  ],
  unread: [
    ['circle', {cx: '17.500', cy: '6.500', r: '3', fill: 'currentColor'}],
    ['path', {d: 'M12.500 5H7a3 3 0 0 0-3 3v7a3 3 0 0 0 3 3h2l3 3 3-3h2a3 3 0 0 0 3-3v-3'}],
  ],
  mute: [['path', {d: 'M4 9.500h3.500L12 5.500v13l-4.500-4H4zM16 9.500l5 5M21 9.500l-5 5'}]],
  addReaction: [
    ['path', {d: 'M20.500 10.500A8.800 8.800 0 1 1 13 3.100'}],
    ['path', {d: 'M8.300 14.200c.9 1.400 2.100 2.100 3.700 2.100s2.800-.7 3.700-2.100M18.500 2.500v6M15.500 5.500h6'}],
    ['path', {d: 'M9.200 9.500v.5M14.600 9.500v.5', 'stroke-width': '2.400'}],
  ],
  server: [
    ['rect', {x: '4', y: '4.500', width: '16', height: '6.500', rx: '2'}],
    ['rect', {x: '4', y: '13', width: '16', height: '6.500', rx: '2'}],
    ['path', {d: 'M7.500 7.800h.1M7.500 16.200h.1', 'stroke-width': '2.400'}],
  ],
  keyboard: [
    ['rect', {x: '3', y: '6.500', width: '18', height: '11', rx: '2.500'}],
    ['path', {d: 'M7 10.500h.1M10.300 10.500h.1M13.600 10.500h.1M17 10.500h.1M8 14h8'}],
  ],
  key: [
    ['circle', {cx: '8', cy: '15.500', r: '4'}],
    ['path', {d: 'm11 12.500 8-8M15.500 8l2.500 2.500'}],
  ],
  at: [
    ['circle', {cx: '12', cy: '12', r: '3.6'}],
    ['path', {d: 'M15.6 8.6v4.6a2.4 2.4 0 0 0 4.8 0V12a8.4 8.4 0 1 0-3.3 6.7'}],
  ],
  image: [
    ['rect', {x: '3.500', y: '4.500', width: '17', height: '15', rx: '2.500'}],
    ['circle', {cx: '9', cy: '10', r: '1.600'}],
    ['path', {d: 'm4 17.500 5-4 3.500 2.500 3.500-3.500 4.500 4'}],
  ],
  calendar: [
    ['rect', {x: '4', y: '5.500', width: '16', height: '14.500', rx: '2.500'}],
    ['path', {d: 'M4 10.200h16M8.500 3.500v4M15.500 3.500v4'}],
  ],
  monitor: [
    ['rect', {x: '3.500', y: '4.500', width: '17', height: '11.500', rx: '2'}],
    ['path', {d: 'M8.500 20h7M12 16v4'}],
  ],
  phone: [
    ['rect', {x: '7', y: '3.500', width: '10', height: '17', rx: '2.200'}],
    ['path', {d: 'M11 17.500h2'}],
  ],
  globe: [
    ['circle', {cx: '12', cy: '12', r: '8.800'}],
    ['path', {d: 'M3.200 12h17.600M12 3.200c5 5.500 5 12 0 17.600M12 3.200c-5 5.500-5 12 0 17.600'}],
  ],
};

/** An icon that says nothing to who listens: the button it stands in has the words. */
export function icon(name, size = 20, weight = 0) {
  const svg = shape('svg', {class: 'icon', width: size, height: size, viewBox: '0 0 24 24', 'aria-hidden': 'true'});
  if (weight) svg.setAttribute('stroke-width', weight);
  for (const [tag, attributes] of SHAPES[name]) svg.append(shape(tag, attributes));
  return svg;
}

/** An SVG element. */
export function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The mark of Parley: a bubble that holds lines of a record. */
export function mark(size) {
  const line = (x, y, width, height, rx) => shape('rect', {x, y, width, height, rx});
  return shape(
    'svg',
    {class: 'mark', width: size, height: size, viewBox: '0 0 64 64', 'aria-hidden': 'true'},
    shape('path', {
      fill: '#5B5BD6',
      d: 'M4 20A15 15 0 0 1 19 5h26a15 15 0 0 1 15 15v16a15 15 0 0 1-15 15H22.5L8.8 60.3A2.9 2.9 0 0 1 4 58.1z',
    }),
    shape(
      'g',
      {fill: '#fff'},
      ...[17, 28, 39].map((cy) => shape('circle', {cx: 16.5, cy, r: 2.6})),
      line(23, 14.5, 27, 5, 2.5),
      line(23, 25.5, 20, 5, 2.5),
      line(23, 36.5, 9, 5, 2.5),
      line(36, 34, 5, 10, 1.2),
    ),
  );
}
