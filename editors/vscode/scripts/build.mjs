// Bundles the extension: the part that runs with the editor, the layout engine, and the script of the
// pictures' page. Apart, so that a window that never shows a picture never loads the engine.

import { build } from 'esbuild';

const common = { bundle: true, minify: true, logLevel: 'warning' };
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] };

await Promise.all([
  build({ ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', sourcemap: true }),
  build({ ...node, entryPoints: ['src/graphviz.ts'], outfile: 'dist/graphviz.cjs' }),
  build({ ...common, entryPoints: ['src/pictureView.ts'], outfile: 'dist/pictureView.js', platform: 'browser', format: 'iife' }),
]);
