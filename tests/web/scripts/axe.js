// What axe-core finds there, one line each.
async ([within, options]) => {
  const {violations} = await axe.run(within || document, options);
  const line = ({id, help}, node) =>
    `${id} (${help}): ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`;
  return violations.flatMap((rule) => rule.nodes.map((node) => line(rule, node)));
};
