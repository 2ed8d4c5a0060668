import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  isTarget,
  previewPath,
  settledTarget,
  targetFromQuery,
  targetToQuery,
} from '../src/previewTarget.ts';

const sql = { title: 'Post.create_post · action', language: 'sql', text: 'SELECT 1;' };

test('the tab names the action, the artifact and the language', () => {
  assert.equal(previewPath(sql), '/Post.create_post · action.sql');
  assert.equal(previewPath({ ...sql, title: 'Post · audit' }), '/Post · audit.sql');
  assert.equal(previewPath({ ...sql, title: 'outbox', language: 'json' }), '/outbox.json');
  assert.equal(previewPath({ ...sql, title: 'client', language: 'typescript' }), '/client.ts');
});

test('a title cannot add folders or a query to the path', () => {
  assert.equal(previewPath({ ...sql, title: '../a?b#c · d/e' }), '/..-a-b-c · d-e.sql');
});

test('a place becomes the action that stands there', () => {
  const place = { uri: 'file:///post.yaml', position: { line: 7, character: 2 } };
  assert.deepEqual(settledTarget(place, sql), {
    uri: 'file:///post.yaml',
    entity: 'Post',
    action: 'create_post',
    artifact: 'action',
  });
  assert.deepEqual(settledTarget(place, { ...sql, title: 'outbox' }), place);
  const named = { uri: 'file:///post.yaml', entity: 'Other', action: 'x', artifact: 'outbox' };
  assert.deepEqual(settledTarget(named, sql), named);
});

test('a target survives the query of the virtual document', () => {
  const target = { uri: 'file:///ä b%20&c=d.yaml', entity: 'Post', action: 'a', artifact: 'action' };
  assert.deepEqual(targetFromQuery(targetToQuery(target)), target);
});

test('queries and arguments from elsewhere are refused', () => {
  for (const query of ['', '{', 'null', '[]', '{"uri": 5}', '"uri"']) {
    assert.equal(targetFromQuery(query), undefined, query);
  }
  assert.equal(isTarget(undefined), false);
});
