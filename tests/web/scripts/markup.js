// The blocks of each sample, as the table writes them.
async (samples) => {
  const {blocks} = await import('/assets/chat/markup.js');
  return samples.map(({text, me}) =>
    blocks(text, me || '').map((block) => ({
      kind: block.kind,
      lines: block.lines.map((line) =>
        line.spans.map((span) => [
          text.slice(span.start, span.end),
          span.style,
          ...(span.address ? [span.address] : []),
        ]),
      ),
    })),
  );
};
