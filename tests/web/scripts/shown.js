() =>
  [...document.querySelectorAll('article')].map((article) => {
    const text = article.querySelector('.text').cloneNode(true);
    const time = text.querySelector('.time');
    time.remove();
    const pills = [...article.querySelectorAll('.pill')].map((pill) => pill.getAttribute('aria-label').split(/[ ,]+/));
    return [
      text.textContent,
      time.textContent.includes('edited'),
      Object.fromEntries(pills.map(([emoji, count]) => [emoji, Number(count)])),
    ];
  });
