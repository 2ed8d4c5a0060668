import assert from 'node:assert/strict';
import { test } from 'node:test';

import { layout } from '../src/graphviz.ts';
import { lineageGraph } from '../src/lineageGraph.ts';
import type { LineageResult } from '../src/protocol.ts';

const place = (line: number) => ({
  uri: 'file:///post.yaml',
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
});

const LINEAGE: LineageResult = {
  incomplete: false,
  field: 'User.post_count',
  uses: [
    { role: 'declared', action: null, location: place(1) },
    { role: 'written', action: 'Post.create', location: place(2) },
    { role: 'value', action: 'Post.create', location: place(3) },
    { role: 'impact', action: 'Post.create', location: place(4) },
    { role: 'condition', action: 'User.close', location: place(5) },
  ],
  flows: [
    { kind: 'event', action: 'Post.create', changes: true, name: 'PostCreated', path: 'author.post_count', location: place(6) },
    { kind: 'event', action: 'Post.remove', changes: true, name: 'PostCreated', path: 'author.post_count', location: place(7) },
    { kind: 'audit', action: 'User.close', changes: false, name: 'audit trail', path: 'new_values.post_count', location: place(8) },
    { kind: 'invalidation', action: 'Post.create', changes: true, name: 'a "list"', path: '', location: place(9) },
  ],
};

test('who sets a field stands before it, who reads and carries it behind it, each once', async () => {
  const { title, dot, places } = lineageGraph(LINEAGE);
  assert.equal(title, 'Lineage of User.post_count');
  const words = new Map([...dot.matchAll(/^ {2}(w\d+) \[.*label="(.*)"\];$/gm)].map((it) => [it[1], it[2]]));
  const toWords = [...dot.matchAll(/^ {2}(n\d+) -> (w\d+):w \[style=(\w+), arrowhead=none\];$/gm)];
  const fromWords = new Map([...dot.matchAll(/^ {2}(w\d+):e -> (n\d+) \[style=\w+\];$/gm)].map((it) => [it[1], it[2]]));
  const edges = toWords.map(([, from, via, style]) => [from, fromWords.get(via), words.get(via), style].join(' '));
  assert.deepEqual(edges, [
    'n1 n0 sets solid',
    'n0 n2 reads solid',
    'n0 n3 decides by solid',
    'n0 n4 Post.create\\nPost.remove solid',
    'n0 n5 User.close dotted',
    'n0 n6 Post.create solid',
  ]);
  const lines = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((it) => places.get(it)?.range.start.line);
  assert.deepEqual(lines, [1, 2, 3, 5, 6, 8, 9]);
  const svg = await layout(dot);
  for (const text of ['User.post_count', 'event PostCreated', 'author.post_count', 'audit trail', 'a &quot;list&quot;']) {
    assert.ok(svg.includes(text), `${text} in ${svg}`);
  }
});

test('what is left out is said', () => {
  assert.ok(lineageGraph({ ...LINEAGE, incomplete: true }).dot.includes('further actions are left out'));
});
