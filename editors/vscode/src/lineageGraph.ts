// The lineage of a field as a graph: what sets it on the left, what reads or carries it on the right.

import { Drawing } from './drawing.ts';
import type { Graph } from './picture.ts';
import type { LineageResult } from './protocol.ts';

const SETS: Readonly<Record<string, string>> = { written: 'sets', 'written-from-input': 'sets from the input' };
const READS: Readonly<Record<string, string>> = { value: 'reads', condition: 'decides by' };
const SHAPES: Readonly<Record<string, string>> = { event: 'oval', invalidation: 'note', audit: 'cylinder' };

export function lineageGraph({ field, uses, flows, incomplete }: LineageResult): Graph {
  const drawing = new Drawing();
  const declared = uses.find(({ role }) => role === 'declared')?.location;
  const own = drawing.node('field', field, 'box', declared, ', style=bold');
  for (const { role, action, location } of uses) {
    const sets = SETS[role];
    const reads = READS[role];
    if (action !== null && sets !== undefined) {
      drawing.edge(drawing.node(`sets ${action}`, action, 'box', location), own, sets);
    } else if (reads !== undefined) {
      const name = action ?? 'a computed field';
      drawing.edge(own, drawing.node(`reads ${name}`, name, 'box', location), reads);
    }
  }
  for (const { kind, action, changes, name, path, location } of flows) {
    const label = [name === '' ? kind : `${kind === 'audit' ? '' : kind} ${name}`.trim(), path].filter((it) => it !== '').join('\n');
    const carrier = drawing.node(`${kind} ${label}`, label, SHAPES[kind] ?? 'box', location);
    // Dotted is where no run changes the value.
    drawing.edge(own, carrier, action, !changes);
  }
  if (incomplete) {
    drawing.node('incomplete', 'further actions are left out', 'plaintext', undefined);
  }
  return drawing.graph(`Lineage of ${field}`);
}
