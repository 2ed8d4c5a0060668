// The page of a picture. It loads nothing, and runs the one script that has its nonce.

export interface PageParts {
  readonly title: string;
  readonly svg: string;
  readonly script: string;
  readonly nonce: string;
}

export function picturePage({ title, svg, script, nonce }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style nonce="${nonce}">
html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; }
#picture { width: 100%; height: calc(100% - 24px); overflow: hidden; cursor: grab; }
#picture svg { display: block; }
svg polygon, svg path, svg ellipse, svg polyline { stroke: var(--vscode-foreground); fill: none; }
svg .graph > polygon { stroke: none; }
svg .edge polygon { fill: var(--vscode-foreground); }
svg text { fill: var(--vscode-foreground); font-family: var(--vscode-font-family); }
svg .node:not(.words) { cursor: pointer; }
svg .words text { fill: var(--vscode-descriptionForeground); }
svg .node:hover polygon, svg .node:hover path, svg .node:hover ellipse,
svg .node:focus polygon, svg .node:focus path, svg .node:focus ellipse {
  stroke: var(--vscode-focusBorder); stroke-width: 2;
}
svg .node:focus { outline: none; }
#keys { height: 24px; line-height: 24px; padding-right: 8px; text-align: right; overflow: hidden;
  white-space: nowrap; text-overflow: ellipsis; color: var(--vscode-descriptionForeground); }
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
