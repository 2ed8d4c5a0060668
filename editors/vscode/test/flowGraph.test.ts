import assert from 'node:assert/strict';
import { test } from 'node:test';

import { flowGraph } from '../src/flowGraph.ts';
import { layout } from '../src/graphviz.ts';
import type { EventFlowResult } from '../src/protocol.ts';

const location = { uri: 'file:///post.yaml', range: { start: { line: 3, character: 0 }, end: { line: 3, character: 1 } } };

/** Many actions that write the same entities, and events with long labels. */
const FLOW: EventFlowResult = {
  nodes: [
    ...Array.from({ length: 6 }, (_, at) => ({ kind: 'action' as const, label: `blog.Post.action_${at}`, location })),
    { kind: 'entity', label: 'blog.Post', location: null },
    { kind: 'event', label: 'PostCountChanged v1', location },
    { kind: 'topic', label: 'blog.Post' },
  ],
  edges: [
    ...Array.from({ length: 6 }, (_, from) => [
      { from, to: 6, label: 'update', certain: true },
      { from, to: 6, label: 'delete', certain: true },
      { from, to: 6, label: 'create', certain: from % 2 === 0 },
      { from, to: 7, label: 'Post created or updated or deleted', certain: true },
    ]).flat(),
    { from: 7, to: 8, label: '', certain: true },
  ],
};

test('a line for what is always done and one for what is done sometimes, and each leads to its place', () => {
  const { title, dot, places } = flowGraph(FLOW);
  assert.equal(title, 'Event Flow');
  assert.match(dot, /n8 \[shape=cds, label="blog.Post"\]/);
  assert.match(dot, /label="update\\ndelete\\ncreate"/);
  assert.match(dot, /n1 -> w\d+:w \[style=dotted, arrowhead=none\]/);
  assert.match(dot, /n7 -> n8 \[style=solid\]/);
  assert.deepEqual([...places.keys()], ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n7']);
});

/** What is drawn of a class, each with all that is inside of it. */
function drawn(svg: string, kind: string): string[] {
  return [...svg.matchAll(/<g id="[^"]*" class="([^"]*)">([\s\S]*?)<\/g>/g)].filter((it) => it[1] === kind).map((it) => it[2] ?? '');
}

test('no line goes through words, and each word has a place of its own', async () => {
  const svg = await layout(flowGraph(FLOW).dot);
  const boxes = drawn(svg, 'node words').map((it) => {
    const rows = [...it.matchAll(/<text[^>]* x="([-\d.]+)" y="([-\d.]+)"[^>]*>([^<]*)</g)].map((row) => ({ x: Number(row[1]), y: Number(row[2]), text: row[3] ?? '' }));
    const half = Math.max(...rows.map(({ text }) => text.length)) * 3;
    const [first, last] = [rows[0], rows.at(-1)];
    assert.ok(first && last, it);
    return { left: first.x - half, right: first.x + half, top: first.y - 10, bottom: last.y + 2 };
  });
  assert.equal(boxes.length, 15);
  const inside = (x: number, y: number) => boxes.filter((it) => x > it.left && x < it.right && y > it.top && y < it.bottom);
  const lines = drawn(svg, 'edge').map((it) => [.../d="([^"]*)"/.exec(it)?.[1]?.matchAll(/([-\d.]+),([-\d.]+)/g) ?? []].map((point) => [Number(point[1]), Number(point[2])] as const));
  assert.equal(lines.length, 31);
  for (const points of lines) {
    for (const [x, y] of along(points)) {
      assert.deepEqual(inside(x, y), [], `a line at ${x}, ${y}`);
    }
  }
});

type Point = readonly [number, number];

/** Places of a line of curves: a start, and three points for each curve. */
function along(points: readonly Point[]): Point[] {
  const res: Point[] = [];
  for (let at = 0; at + 3 < points.length; at += 3) {
    const [a, b, c, d] = points.slice(at, at + 4) as [Point, Point, Point, Point];
    for (let part = 0; part <= 20; part += 1) {
      const [t, u] = [part / 20, 1 - part / 20];
      const on = (axis: 0 | 1) => u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
      res.push([on(0), on(1)]);
    }
  }
  return res;
}
