// An application in TypeScript: the emitted consumer, fed by a client of Kafka as its page says.
//
// usage: node application.mts NAME DSN SERVERS GROUP, beside consumer.ts and node_modules, and it ends when its input
// does. A line of JSON says what became of each record, once its offset is committed.

import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { Consumer, Unprocessable, topics, versions } from './consumer.ts';
import type { Connection, DeadLetter, Event, Handlers } from './consumer.ts';

const [name = '', connectionString = '', servers = '', groupId = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 4 });
const kafka = new Kafka({ clientId: name, brokers: servers.split(','), logLevel: logLevel.ERROR });
const producer = kafka.producer();
const client = kafka.consumer({ groupId, sessionTimeout: 10_000 });

async function note(event: Event<string, number, unknown>, connection: Connection): Promise<void> {
  await connection.query(
    'INSERT INTO effects (consumer, event_id, event_type, payload, traceparent, replay_of) VALUES ($1, $2, $3, $4, $5, $6)',
    [name, event.id, event.type, String(event.record.value), event.traceparent, event.replayOf],
  );
  const text = JSON.stringify(event.payload);
  const { rows } = await connection.query('SELECT cured FROM cure');
  if (text.includes('poison') && rows[0].cured === false) throw new Error('it is poison');
  if (text.includes('hopeless')) throw new Unprocessable('no attempt can help');
}

async function send({ deadLetter: { topic, headers, key, value } }: DeadLetter): Promise<void> {
  // This client has no headers without a value.
  const known = Object.entries(headers).filter((it): it is [string, string] => it[1] !== null);
  await producer.send({ topic, messages: [{ key, value, headers: Object.fromEntries(known) }] });
}

const handlers = Object.fromEntries(Object.keys(versions).map((it) => [it, note])) as Handlers;
const consumer = new Consumer({ name, pool, handlers, attempts: 3, backoff: () => 5, onParked: send });

await Promise.all([producer.connect(), client.connect()]);
await client.subscribe({ topics: [...topics], fromBeginning: true });
await client.run({
  autoCommit: false,
  eachMessage: async ({ topic, partition, message: { offset, key, value, headers } }) => {
    const outcome = await consumer.consume({ topic, partition, offset, key, value, headers });
    await client.commitOffsets([{ topic, partition, offset: String(BigInt(offset) + 1n) }]);
    console.log(JSON.stringify({ topic, partition, offset: Number(offset), outcome }));
  },
});
process.stdin.resume();
await new Promise((done) => process.stdin.once('end', done));
await Promise.all([client.disconnect(), producer.disconnect()]);
await pool.end();
