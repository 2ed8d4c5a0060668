// Feeds the emitted consumer with the records that come as lines of JSON, and says what became of each.
//
// usage: node consume.mts NAME DSN, beside consumer.ts and node_modules

import { createInterface } from 'node:readline';
import pg from 'pg';
import { Consumer, Unprocessable } from './consumer.ts';
import type { Connection, DeadLetter, KafkaRecord, PostCreatedEvent, PostUpdatedEvent } from './consumer.ts';

const [name = '', connectionString = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 4 });
const letters: DeadLetter[] = [];

async function note(event: PostCreatedEvent | PostUpdatedEvent, connection: Connection): Promise<void> {
  const { id, title } = event.payload.post;
  await connection.query(
    'INSERT INTO effects (consumer, event_id, event_type, row_id, title, replay_of, traceparent) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [name, event.id, event.type, id, title, event.replayOf, event.traceparent],
  );
  const { rows } = await connection.query('SELECT cured FROM cure');
  if (title === 'poison' && rows[0].cured === false) throw new Error(`«${title}» is poison`);
  if (title === 'hopeless') throw new Unprocessable('no attempt can help');
  if (title === 'swallowed') await connection.query('SELECT 1 / 0').catch(() => undefined);
}

const consumer = new Consumer({
  name, pool, attempts: 3, backoff: () => 5,
  handlers: { PostCreated: note, PostUpdated: note },
  onParked: async (letter) => void letters.push(letter),
});

const running: Promise<void>[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  if (line === '') {
    await Promise.all(running.splice(0));
    console.log(JSON.stringify({ letters: letters.splice(0).map((it) => it.deadLetter) }));
    continue;
  }
  const { at, value, ...record } = JSON.parse(line) as KafkaRecord & { at: number; value: string | null };
  // As clients give it: bytes.
  const bytes = value === null ? null : Buffer.from(value);
  running.push(consumer.consume({ ...record, value: bytes }).then((outcome) => console.log(JSON.stringify({ at, outcome }))));
}
await pool.end();
