// A handler sees every digit of what the metadata of an event holds, whatever JavaScript makes of its numbers.
//
// usage: node digits.mts, beside consumer.ts

import assert from 'node:assert/strict';
import { Consumer } from './consumer.ts';

const metadata = `{"cascade": {"updated": [{"entity": {"views": 9007199254740993, "price": -12345678901234567890.12,
  "small": 12.5, "title": "9007199254740993 \\"9007199254740993", "path": "\\\\"}}]}}`;
const query = async (): Promise<{ rows: unknown[] }> => ({ rows: [{ taken: 'taken' }] });
let seen: unknown;
const consumer = new Consumer({
  name: 'digits',
  pool: { connect: async () => ({ query, release: () => undefined }) },
  handlers: { PostCreated: async (event) => void (seen = event.metadata['cascade']) },
});
const headers = { id: '11111111-2222-4333-8444-555555555555', eventType: 'PostCreated', eventVersion: '1', eventMetadata: metadata };
assert.equal(await consumer.consume({ topic: 'blog.Post', key: 'k', value: '{"post": {}}', headers }), 'handled');
const entity = {
  views: '9007199254740993', price: '-12345678901234567890.12', small: 12.5,
  title: '9007199254740993 "9007199254740993', path: '\\',
};
assert.deepEqual(seen, { updated: [{ entity }] });
