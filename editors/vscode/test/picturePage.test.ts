import assert from 'node:assert/strict';
import { test } from 'node:test';

import { layout } from '../src/graphviz.ts';
import { picturePage } from '../src/picturePage.ts';

test('the page runs one script, loads nothing, and has no style of its own in attributes', async () => {
  const svg = await layout('digraph { a [label="blog.Post", shape=cylinder]; b; a -> b [style=dotted] }');
  const page = picturePage({ title: 'A<b>', svg, script: 'let x;', nonce: 'abc' });
  assert.match(page, /default-src 'none'; script-src 'nonce-abc'; style-src 'nonce-abc'/);
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.ok(!/<!DOCTYPE svg|\son\w+=|\sstyle=|href=|<b>/.test(page), page);
  assert.ok(page.includes('blog.Post'));
});
