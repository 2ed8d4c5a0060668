// Runs in the page of a picture: moves and zooms the picture, and tells which box was clicked.

import Panzoom from '@panzoom/panzoom';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();
const picture = document.getElementById('picture');
const svg = picture?.querySelector('svg');

if (picture && svg) {
  // The size that Graphviz gives is that of its text.
  const [, , width, height] = (svg.getAttribute('viewBox') ?? '0 0 800 600').split(/\s+/).map(Number);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));

  /** In the middle of the page, as large as there is room. */
  const fitting = (): { scale: number; x: number; y: number } => {
    const scale = Math.min(picture.clientWidth / (width ?? 1), picture.clientHeight / (height ?? 1), 1.5);
    const x = (picture.clientWidth - (width ?? 0) * scale) / 2 / scale;
    const y = (picture.clientHeight - (height ?? 0) * scale) / 2 / scale;
    return { scale, x, y };
  };
  const start = fitting();
  // The place is given here: what is moved in the first turn is put back.
  const panzoom = Panzoom(svg, {
    minScale: 0.05,
    maxScale: 8,
    canvas: true,
    origin: '0 0',
    startScale: start.scale,
    startX: start.x,
    startY: start.y,
  });

  // The layout measures another font than the editor's: a label that is wider than its box is drawn narrower.
  for (const text of svg.querySelectorAll<SVGTextElement>('g.node:not(.words) text')) {
    const box = text.parentElement?.querySelector<SVGGraphicsElement>('polygon, path, ellipse')?.getBBox();
    const room = (box?.width ?? Infinity) - 8;
    if (text.getComputedTextLength() > room) {
      text.setAttribute('textLength', String(room));
      text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    }
  }

  const fit = (): void => {
    const { scale, x, y } = fitting();
    panzoom.zoom(scale, { animate: false });
    panzoom.pan(x, y, { animate: false });
  };

  picture.addEventListener('wheel', (event) => panzoom.zoomWithWheel(event), { passive: false });
  document.addEventListener('keydown', ({ key }) => {
    if (key === '+' || key === '=') panzoom.zoomIn();
    if (key === '-') panzoom.zoomOut();
    if (key === '0') fit();
  });

  // The words of a line are boxes to the layout only.
  svg.querySelectorAll('g.words title, g.edge title').forEach((it) => it.remove());

  // A drag ends with a click as well.
  let moved = false;
  picture.addEventListener('pointerdown', () => (moved = false));
  svg.addEventListener('panzoompan', () => (moved = true));
  for (const node of svg.querySelectorAll<SVGGElement>('g.node:not(.words)')) {
    const label = [...node.querySelectorAll('text')].map((it) => it.textContent ?? '').join(' ').trim();
    // Graphviz writes the name of a node as its title, which would show as a tooltip.
    const title = node.querySelector('title');
    const name = title?.textContent ?? '';
    title?.remove();
    const open = (): void => api.postMessage({ node: name });
    node.setAttribute('tabindex', '0');
    node.setAttribute('role', 'button');
    node.setAttribute('aria-label', label);
    node.addEventListener('click', () => {
      if (!moved) open();
    });
    node.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') open();
    });
  }
}
