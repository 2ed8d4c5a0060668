// The page of the event flow. It loads nothing, and runs the one script that has its nonce.

import type { OutlineItem } from './protocol.ts';

export function flowPage(svg: string, script: string, nonce: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Event Flow</title>
<style nonce="${nonce}">
html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; }
#picture { width: 100%; height: 100%; cursor: grab; }
#picture svg { display: block; }
svg polygon, svg path, svg ellipse, svg polyline { stroke: var(--vscode-foreground); fill: none; }
svg .graph > polygon { stroke: none; }
svg .edge polygon { fill: var(--vscode-foreground); }
svg text { fill: var(--vscode-foreground); font-family: var(--vscode-font-family); }
svg .node { cursor: pointer; }
svg .node:hover polygon, svg .node:hover path, svg .node:hover ellipse,
svg .node:focus polygon, svg .node:focus path, svg .node:focus ellipse {
  stroke: var(--vscode-focusBorder); stroke-width: 2;
}
svg .node:focus { outline: none; }
#keys { position: fixed; right: 8px; bottom: 4px; color: var(--vscode-descriptionForeground); }
</style>
</head>
<body>
<div id="picture">${withoutProlog(svg)}</div>
<div id="keys">drag to move, wheel or + − to zoom, 0 to fit, click to open</div>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** An SVG inside a page has neither an XML declaration nor a document type. */
function withoutProlog(svg: string): string {
  return svg.slice(Math.max(svg.indexOf('<svg'), 0));
}

/** What a box of the picture stands for. */
export function byLabel(items: readonly OutlineItem[], label: string): OutlineItem | undefined {
  for (const item of items) {
    const found = item.label === label && item.location ? item : byLabel(item.children, label);
    if (found) {
      return found;
    }
  }
  return undefined;
}
