/** What a person would see as broken. Runs in the page, and so knows nothing of this file but itself. */
export function pageProblems(): string[] {
  const problems: string[] = [];
  const page = document.documentElement;
  const say = (what: string, text: string | null) => problems.push(`${what}: ${(text ?? '').trim().slice(0, 60)}`);
  const overlap = (one: DOMRect, other: DOMRect, slack: number) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > slack
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > slack;
  const within = (inner: DOMRect, outer: DOMRect, slack = 1.5) =>
    inner.left >= outer.left - slack && inner.right <= outer.right + slack && inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;

  if (page.scrollWidth > page.clientWidth) {
    say(`the page is ${page.scrollWidth} px wide in ${page.clientWidth}`, '');
  }
  for (const element of document.querySelectorAll('table, th, td, p, li, dd, dt, summary, h1, h2, h3, .verdict')) {
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
      say(`${element.tagName} is wider than its box`, element.textContent);
    }
  }

  // Texts outside of drawings: not outside of the page, no short word on two lines, none over another.
  const rects: { rect: DOMRect; text: string }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    if (parent.closest('svg, style') || !(node.textContent ?? '').trim() || !parent.checkVisibility()) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      rects.push({ rect, text: node.textContent! });
      if (rect.left < -1 || rect.right > page.clientWidth + 1) {
        say('text outside of the page', node.textContent);
      }
    }
    for (const { 0: word, index } of node.textContent!.matchAll(/[\p{L}\p{N}]{2,16}/gu)) {
      const before = node.textContent![index - 1] ?? ' ';
      const after = node.textContent![index + word.length] ?? ' ';
      if (/[\s,;()]/.test(before) && /[\s,;()]/.test(after)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) {
          say(`the word ${word} is broken`, node.textContent);
        }
      }
    }
  }
  rects.sort((one, other) => one.rect.top - other.rect.top);
  rects.forEach(({ rect, text }, index) => {
    for (let at = index + 1; at < rects.length && rects[at].rect.top < rect.bottom; at++) {
      // The boxes of two lines of one text are higher than their letters.
      if (rects[at].text !== text && overlap(rect, rects[at].rect, 4)) {
        say(`text over "${text.slice(0, 40)}"`, rects[at].text);
      }
    }
  });

  for (const svg of document.querySelectorAll('svg')) {
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll('text')].map((element) => ({ element, rect: element.getBoundingClientRect() }));
    const nodes = [...svg.querySelectorAll('g.node > rect')].map((element) => ({ element, rect: element.getBoundingClientRect() }));
    for (const { element, rect } of texts) {
      const own = element.closest('g.node')?.querySelector('rect')?.getBoundingClientRect();
      if (!within(rect, own ?? box)) {
        say(own ? 'text outside of its node' : 'text outside of its drawing', element.textContent);
      }
      nodes.filter((node) => node.element.parentElement !== element.parentElement && overlap(rect, node.rect, 0.5)).forEach(() => say('text over a node', element.textContent));
    }
    texts.forEach(({ element, rect }, index) => texts.slice(index + 1).filter((other) => overlap(rect, other.rect, 3 * scale))
      .forEach((other) => say(`text over ${element.textContent}`, other.element.textContent)));
    nodes.forEach(({ element, rect }, index) => nodes.slice(index + 1).filter((other) => overlap(rect, other.rect, 0))
      .forEach(() => say('node over another', element.parentElement!.textContent)));
    for (const line of svg.querySelectorAll<SVGPathElement>('path.flow')) {
      const length = line.getTotalLength();
      // Its ends touch their nodes.
      for (let at = 2; at < length - 2; at += 3) {
        const { x, y } = line.getPointAtLength(at);
        const point = new DOMRect(box.left + x * scale, box.top + y * scale, 0, 0);
        const over = [...nodes, ...texts].find(({ element, rect }) => {
          const slack = element.tagName === 'text' ? 2.5 * scale : 0;
          return point.x > rect.left && point.x < rect.right && point.y > rect.top + slack && point.y < rect.bottom - slack;
        });
        if (over) {
          say('a line crosses', over.element.textContent || over.element.parentElement!.textContent);
          break;
        }
      }
    }
  }
  return problems;
}
