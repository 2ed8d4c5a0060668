import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileName, named } from '../src/previewUri.ts';

const QUERY = JSON.stringify({ uri: 'file:///post.yaml', action: 'create_post', artifact: 'action' });

test('a document says what it shows', () => {
  const name = named({ path: '/Post.create_post · action.sql', query: QUERY });
  assert.ok(name);
  assert.equal(name.title, 'Post.create_post · action');
  assert.equal(name.language, 'sql');
  assert.equal(name.params.artifact, 'action');
  assert.equal(fileName(name), 'Post.create_post.action.sql');
});

test('a graph is kept under the extension of its language', () => {
  const name = named({ path: '/event-flow-dot.plaintext', query: QUERY });
  assert.ok(name);
  assert.equal(fileName(name), 'event-flow-dot.dot');
});

test('TypeScript is kept as such', () => {
  const name = named({ path: '/client-apollo.typescript', query: QUERY });
  assert.ok(name);
  assert.equal(fileName(name), 'client-apollo.ts');
});

test('other documents are none', () => {
  assert.equal(named({ path: '/post.yaml', query: '' }), undefined);
  assert.equal(named({ path: '/post.yaml', query: '{"a": 1}' }), undefined);
});
