import assert from 'node:assert/strict';
import { test } from 'node:test';

import { entityText, nameProblem, schemaProblem, snakeCase } from '../src/entityTemplate.ts';

test('names of entities and schemas', () => {
  for (const name of ['Post', 'OrderLine', 'V2']) assert.equal(nameProblem(name), undefined, name);
  for (const name of ['', 'post', 'Order Line', 'Ünit', '2D']) assert.ok(nameProblem(name), name);
  assert.equal(schemaProblem('crm_2'), undefined);
  for (const name of ['', 'Crm', '2x', 'a b']) assert.ok(schemaProblem(name), name);
});

test('a file and an action are called after the entity', () => {
  assert.equal(snakeCase('OrderLine'), 'order_line');
  assert.equal(snakeCase('HTTPCall'), 'http_call');
  assert.equal(snakeCase('V2'), 'v2');
  assert.match(entityText({ name: 'OrderLine', schema: 'shop' }), /^entity: OrderLine\nschema: shop\n[^]*add_order_line/);
});
