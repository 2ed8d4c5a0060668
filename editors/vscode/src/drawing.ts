// A graph in the language of Graphviz as it grows: boxes and lines, each once.
//
// What is said of a line has a box of its own in the middle of it, without a border. Lines are led around
// boxes, so none goes through words, and each word stands on the line that it belongs to.

import type { Location } from 'vscode-languageclient/node';

import type { Graph } from './picture.ts';

interface Line {
  readonly from: string;
  readonly to: string;
  readonly labels: Set<string>;
  readonly isDotted: boolean;
}

/** The class of a box that holds the words of a line. */
const WORDS = 'words';

/** Measured as the widest of the fonts that editors use, so that words have room in their boxes. */
const FONT = 'fontname="Verdana", fontsize=12';

export class Drawing {
  private readonly places = new Map<string, Location>();
  private readonly names = new Map<string, string>();
  private readonly nodes: string[] = [];
  private readonly lines = new Map<string, Line>();

  /** The name of a box, which is there once for each `key`. */
  node(key: string, label: string, shape: string, location: Location | null | undefined, more = ''): string {
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

  /** A line between two boxes; what is said of it twice stands there once. */
  edge(from: string, to: string, label: string, isDotted = false): void {
    const key = `${from} ${to} ${isDotted}`;
    const line = this.lines.get(key) ?? { from, to, labels: new Set<string>(), isDotted };
    if (label !== '') {
      line.labels.add(label);
    }
    this.lines.set(key, line);
  }

  graph(title: string): Graph {
    const lines = [...this.lines.values()].flatMap(written);
    const look = ['rankdir=LR;', 'nodesep=0.12;', 'ranksep=0.3;', `node [${FONT}, height=0.3, margin="0.1,0.05"];`];
    const dot = ['digraph {', ...look.map((it) => `  ${it}`), ...this.nodes, ...lines, '}', ''].join('\n');
    return { title, dot, places: this.places };
  }
}

function written({ from, to, labels, isDotted }: Line, index: number): string[] {
  const style = isDotted ? 'style=dotted' : 'style=solid';
  if (labels.size === 0) {
    return [`  ${from} -> ${to} [${style}];`];
  }
  const words = `w${index}`;
  return [
    `  ${words} [shape=plaintext, class=${WORDS}, width=0, height=0, margin="0.04,0.02", label=${quoted([...labels].join('\n'))}];`,
    `  ${from} -> ${words}:w [${style}, arrowhead=none];`,
    `  ${words}:e -> ${to} [${style}];`,
  ];
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
