/**
 * The page's niceties, which it is whole without: a time read-out under the pointer, wider drawings, what is folded opens
 * for printing and where a link leads.
 */
export const pageScript = `
'use strict';
(() => {
  const format = (ms) => {
    const size = Math.abs(ms);
    const text = size < 1000 ? size.toFixed(size < 10 ? 2 : 0) + ' ms' : (size / 1000).toFixed(3) + ' s';
    return (ms < 0 ? '\\u2212' : '+') + text;
  };
  const make = (name, attributes) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
    return node;
  };
  for (const drawing of document.querySelectorAll('svg.drawing')) {
    const from = Number(drawing.dataset.from);
    const to = Number(drawing.dataset.to);
    const height = drawing.getAttribute('height');
    const line = make('line', { class: 'pointer', y1: 20, y2: height - 18, visibility: 'hidden' });
    const text = make('text', { class: 'pointer-label', y: height - 4, visibility: 'hidden' });
    drawing.append(line, text);
    drawing.addEventListener('pointermove', (event) => {
      const box = drawing.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      const x = share * 100 + '%';
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      text.setAttribute('x', x);
      text.setAttribute('text-anchor', share > 0.9 ? 'end' : share < 0.1 ? 'start' : 'middle');
      text.textContent = format(from + share * (to - from));
      line.setAttribute('visibility', 'visible');
      text.setAttribute('visibility', 'visible');
    });
    drawing.addEventListener('pointerleave', () => {
      line.setAttribute('visibility', 'hidden');
      text.setAttribute('visibility', 'hidden');
    });
  }
  for (const chart of document.querySelectorAll('.chart')) {
    let zoom = 1;
    const bar = document.createElement('div');
    bar.className = 'zoom';
    const button = (label, sign, factor) => {
      const one = document.createElement('button');
      one.type = 'button';
      one.textContent = sign;
      one.setAttribute('aria-label', label);
      one.addEventListener('click', () => {
        const middle = (chart.scrollLeft + chart.clientWidth / 2) / chart.scrollWidth;
        zoom = Math.min(32, Math.max(1, zoom * factor));
        for (const name of [...chart.classList]) if (name.startsWith('zoom-')) chart.classList.remove(name);
        if (zoom > 1) chart.classList.add('zoom-' + zoom);
        chart.scrollLeft = middle * chart.scrollWidth - chart.clientWidth / 2;
      });
      return one;
    };
    bar.append(button('Draw it narrower', '\\u2212', 0.5), button('Draw it wider', '+', 2));
    chart.before(bar);
  }
  const openAround = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const inner = target.querySelector('details');
    if (inner && target.classList.contains('scenario')) inner.open = true;
    for (let node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', openAround);
  openAround();
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details:not([open])')];
    for (const one of folded) one.open = true;
  });
  addEventListener('afterprint', () => {
    for (const one of folded) one.open = false;
  });
})();
`;
