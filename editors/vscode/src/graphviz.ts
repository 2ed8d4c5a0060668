// Graphviz, in a bundle of its own because it is large.

import { Graphviz } from '@hpcc-js/wasm-graphviz';

/** The picture of a graph, as SVG. */
export async function layout(dot: string): Promise<string> {
  return (await Graphviz.load()).dot(dot);
}
