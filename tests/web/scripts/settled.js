// What appears has appeared.
async () => {
  const once = document.getAnimations().filter((each) => each.effect.getTiming().iterations === 1);
  await Promise.all(once.map((each) => each.finished));
};
