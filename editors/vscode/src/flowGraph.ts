// The event flow as a graph: who writes and publishes what.

import { Drawing } from './drawing.ts';
import type { Graph } from './picture.ts';
import type { EventFlowResult } from './protocol.ts';

const SHAPES = { action: 'box', entity: 'cylinder', event: 'oval', topic: 'cds' } as const;

export function flowGraph({ nodes, edges }: EventFlowResult): Graph {
  const drawing = new Drawing();
  const names = nodes.map(({ kind, label, location }, index) => drawing.node(`${index}`, label, SHAPES[kind], location));
  for (const { from, to, label, certain } of edges) {
    const [start, end] = [names[from], names[to]];
    if (start !== undefined && end !== undefined) {
      drawing.edge(start, end, label, !certain);
    }
  }
  return drawing.graph('Event Flow');
}
