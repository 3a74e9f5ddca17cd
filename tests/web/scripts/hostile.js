// Texts that would take long if anything were quadratic.
async () => {
  const {blocks} = await import('/assets/chat/markup.js');
  const n = 160_000;
  const texts = [
    '*a ',
    '**a*',
    '[',
    '[a](http://',
    '`a``',
    ' @a',
    '*_~~`@[',
    '> a\n',
    'http://',
    '```py\n',
    '*\n',
    '```',
  ];
  for (const text of texts) blocks(text.repeat(n / text.length), 'alice');
  for (const sign of ['(', ')', '*', '`', '[', '_']) blocks('[a](https://x' + sign.repeat(n), 'alice');
  return texts.length;
};
