import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shifted } from '../src/shifted.ts';

const at = (line: number, character: number) => ({ line, character });
const change = (start: [number, number], end: [number, number], text: string) => ({
  range: { start: at(...start), end: at(...end) },
  text,
});

test('a place moves with the text around it', () => {
  assert.deepEqual(shifted(at(3, 4), change([3, 5], [3, 6], 'xyz')), at(3, 4));
  assert.deepEqual(shifted(at(3, 4), change([1, 0], [1, 0], 'a\nb\n')), at(5, 4));
  assert.deepEqual(shifted(at(3, 4), change([1, 0], [3, 2], '')), at(1, 2));
  assert.deepEqual(shifted(at(3, 4), change([3, 0], [3, 2], 'abc')), at(3, 5));
  assert.deepEqual(shifted(at(3, 4), change([3, 2], [3, 2], 'x\nyy')), at(4, 4));
  assert.deepEqual(shifted(at(3, 4), change([3, 1], [3, 9], 'name')), at(3, 1));
});
