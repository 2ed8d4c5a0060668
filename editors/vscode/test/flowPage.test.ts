import assert from 'node:assert/strict';
import { test } from 'node:test';

import { byLabel, flowPage } from '../src/flowPage.ts';
import { layout } from '../src/graphviz.ts';
import type { OutlineItem } from '../src/protocol.ts';

const place = (line: number) => ({
  uri: 'file:///post.yaml',
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
});

test('the page runs one script, loads nothing, and has no style of its own in attributes', async () => {
  const svg = await layout('digraph { a [label="blog.Post", shape=cylinder]; b; a -> b [style=dotted] }');
  const page = flowPage(svg, 'let x;', 'abc');
  assert.match(page, /default-src 'none'; script-src 'nonce-abc'; style-src 'nonce-abc'/);
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.ok(!/<!DOCTYPE svg|\son\w+=|\sstyle=|href=/.test(page), page);
  assert.ok(page.includes('blog.Post'));
});

test('a box leads to what it stands for, wherever in the tree that is', () => {
  const item = (label: string, children: OutlineItem[], line?: number): OutlineItem => ({
    name: label,
    label,
    kind: 5,
    children,
    ...(line === undefined ? {} : { location: place(line) }),
  });
  const tree = [item('blog', [item('blog.Post', [item('blog.Post.create', [item('PostCreated v1', [], 9)], 5)], 0)])];
  assert.equal(byLabel(tree, 'PostCreated v1')?.location?.range.start.line, 9);
  assert.equal(byLabel(tree, 'blog.Post')?.location?.range.start.line, 0);
  assert.equal(byLabel(tree, 'blog'), undefined);
  assert.equal(byLabel(tree, 'topic'), undefined);
});
