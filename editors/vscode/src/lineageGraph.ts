// The lineage of a field as a graph: what sets it on the left, what reads or carries it on the right.

import type { Location } from 'vscode-languageclient/node';

import type { Graph } from './picture.ts';
import type { LineageResult } from './protocol.ts';

const SETS: Readonly<Record<string, string>> = { written: 'sets', 'written-from-input': 'sets from the input' };
const READS: Readonly<Record<string, string>> = { value: 'reads', condition: 'decides by' };
const SHAPES: Readonly<Record<string, string>> = { event: 'oval', invalidation: 'note', audit: 'cylinder' };

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly labels: Set<string>;
  /** No run changes the value on this way. */
  isUnchanged: boolean;
}

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
    drawing.edge(own, carrier, action, !changes);
  }
  if (incomplete) {
    drawing.node('incomplete', 'further actions are left out', 'plaintext', undefined);
  }
  return { title: `Lineage of ${field}`, dot: drawing.dot(), places: drawing.places };
}

/** Nodes and edges, each once. */
class Drawing {
  readonly places = new Map<string, Location>();
  private readonly names = new Map<string, string>();
  private readonly nodes: string[] = [];
  private readonly edges = new Map<string, Edge>();

  node(key: string, label: string, shape: string, location: Location | undefined, more = ''): string {
    const known = this.names.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = `n${this.names.size}`;
    this.names.set(key, name);
    if (location) {
      this.places.set(name, location);
    }
    this.nodes.push(`  ${name} [shape=${shape}, label=${quoted(label)}${more}];`);
    return name;
  }

  edge(from: string, to: string, label: string, isUnchanged = false): void {
    const key = `${from} ${to}`;
    const edge = this.edges.get(key) ?? { from, to, labels: new Set<string>(), isUnchanged: true };
    edge.labels.add(label);
    edge.isUnchanged &&= isUnchanged;
    this.edges.set(key, edge);
  }

  dot(): string {
    const edges = [...this.edges.values()].map(({ from, to, labels, isUnchanged }) => {
      const style = isUnchanged ? ', style=dotted' : '';
      return `  ${from} -> ${to} [label=${quoted([...labels].join('\n'))}${style}];`;
    });
    return ['digraph lineage {', '  rankdir=LR;', ...this.nodes, ...edges, '}', ''].join('\n');
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
