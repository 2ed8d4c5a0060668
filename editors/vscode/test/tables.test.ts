import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

// @ts-expect-error: a script without types
import { filled, README } from '../scripts/tables.mjs';

test('the tables of the README are those of package.json; `npm run generate` writes them', async () => {
  const text = await readFile(README, 'utf8');
  assert.ok(text.includes('`specql.server.path`') && text.includes('`sq-entity`'));
  assert.equal(text, filled(text));
});
