/** What a client of Kafka gives as a text: decoded, or as bytes. */
export type Text = string | Uint8Array | null | undefined;

/** A record of Kafka, from whatever client. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition?: number | undefined;
  readonly offset?: string | number | undefined;
  readonly key: Text;
  readonly value: Text;
  readonly headers?: Readonly<{ [name: string]: Text | readonly Text[] }> | undefined;
}

/** An event with the context that its record has in headers. */
export interface Event<Type extends string, Version extends number, Payload> {
  /** The same when an event comes twice. */
  readonly id: string;
  readonly type: Type;
  readonly version: Version;
  readonly payload: Payload;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly tenantId: string | null;
  readonly correlationId: string | null;
  /** The event that it follows from; of an event that is published again, the original. */
  readonly causationId: string | null;
  /** The W3C trace context of the mutation: the parent of a span that the handler begins. */
  readonly traceparent: string | null;
  readonly occurredAt: string | null;
  /** The mutation, with its cascade where the event carries it. Numbers that JavaScript would round are texts. */
  readonly metadata: { readonly [name: string]: unknown };
  /** The event that this one is published again for; null where it is new. */
  readonly replayOf: string | null;
  readonly record: KafkaRecord;
}

/** A connection to PostgreSQL: `Client` and `PoolClient` of `pg` are such. */
export interface Connection {
  query(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
}

/** Where connections come from: `Pool` of `pg` is such. */
export interface Pool {
  connect(): Promise<Connection & { release(broken?: boolean): void }>;
}

/** What became of a record. Each of them is done with, and its offset can be committed. */
export type Outcome = 'handled' | 'duplicate' | 'parked' | 'ignored';

/** A dead letter, with the record for the topic of dead letters. */
export interface DeadLetter {
  readonly record: KafkaRecord;
  readonly error: string;
  readonly attempts: number;
  readonly deadLetter: {
    readonly topic: string;
    readonly key: string | null;
    readonly value: string | null;
    readonly headers: { readonly [name: string]: string | null };
  };
}

export interface Options {
  /** The name under which the inbox remembers events: one for each kind of effect. */
  readonly name: string;
  readonly pool: Pool;
  readonly handlers: Handlers;
  /** How often an event is tried before it is parked; 5 when absent. */
  readonly attempts?: number;
  /** Milliseconds between two attempts; 100, 200, 400 … up to 10 seconds when absent. */
  readonly backoff?: (attempt: number) => number;
  /** Events behind a parked one of their key are parked too, so that order is kept; true when absent. */
  readonly keepOrder?: boolean;
  /** Throws where a payload does not fit its schema; see the artifact event-schema. */
  readonly validate?: (type: string, version: number, payload: unknown) => void;
  /** Called before a dead letter is committed, to send it to its topic too. */
  readonly onParked?: (letter: DeadLetter) => Promise<void>;
}

/** What a handler throws when no further attempt can help. */
export class Unprocessable extends Error {}

/** Rolls the transaction back without being an error. */
class Behind extends Error {}

interface Read {
  readonly id: string | null;
  readonly type: string | null;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: { readonly [name: string]: string | null };
  readonly metadata: { readonly [name: string]: unknown };
  /** The event, or why it cannot be read. */
  readonly event: Event<string, number, unknown> | Unprocessable;
}

/** Handles each event once, those of one key one after the other. */
export class Consumer {
  readonly #options: Options;
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Handles a record. Records of one key are handled in the order of the calls, others at the same time.
   * Rejects when the database cannot be reached: then the offset must not be committed.
   */
  consume(record: KafkaRecord): Promise<Outcome> {
    const read = readRecord(record);
    const key = JSON.stringify([record.topic, read.key]);
    const before = this.#tails.get(key) ?? Promise.resolve();
    const own = before.then(() => this.#handle(record, read));
    this.#tails.set(key, own);
    const forget = (): void => {
      if (this.#tails.get(key) === own) this.#tails.delete(key);
    };
    own.then(forget, forget);
    return own;
  }

  async #handle(record: KafkaRecord, read: Read): Promise<Outcome> {
    const isOurs = (topics as readonly string[]).includes(record.topic);
    if (read.type === null && !isOurs) return 'ignored';
    const handler = (this.#options.handlers as { [type: string]: Handler | undefined })[read.type ?? ''];
    if (read.type !== null && handler === undefined) return 'ignored';
    const limit = Math.max(1, this.#options.attempts ?? 5);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(record, read, handler);
      } catch (error) {
        if (error instanceof Unreachable) throw error.cause;
        if (error instanceof Behind) return await this.#park(record, read, error, 0);
        if (error instanceof Unprocessable || attempt >= limit) return await this.#park(record, read, error, attempt);
        const wait = (this.#options.backoff ?? backoff)(attempt);
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  /** One transaction: the event is taken, and its effect made. */
  #attempt(record: KafkaRecord, read: Read, handler: Handler | undefined): Promise<Outcome> {
    return this.#transaction(async (connection) => {
      const context = {
        tenant_id: read.headers['tenantId'],
        correlation_id: read.headers['correlationId'],
        traceparent: read.headers['traceparent'],
      };
      const key = this.#options.keepOrder === false ? null : read.key;
      const { rows } = await connection.query(
        'SELECT app.take_event($1, coalesce($2::uuid, md5($3)::uuid), $4, $5, $6::jsonb, $7::uuid, $8) AS taken',
        [
          this.#options.name, read.id, place(record, read), record.topic, key, JSON.stringify(context),
          uuid(read.metadata['replayOf']), text(read.metadata['replayFor']),
        ],
      );
      const taken: unknown = rows[0]?.taken;
      if (taken === 'other') return 'ignored';
      if (taken === 'duplicate') return 'duplicate';
      if (taken === 'behind') throw new Behind('an earlier event of its key is parked');
      if (read.event instanceof Error) throw read.event;
      if (handler === undefined) throw new Unprocessable('the record has no header `eventType`');
      this.#options.validate?.(read.event.type, read.event.version, read.event.payload);
      await handler(read.event, connection);
      return 'handled';
    });
  }

  async #park(record: KafkaRecord, read: Read, error: unknown, attempts: number): Promise<Outcome> {
    const message = error instanceof Error ? error.message : String(error);
    const { event, headers } = read;
    const row = event instanceof Error ? null : {
      id: event.id, aggregate_type: event.aggregateType, aggregate_id: event.aggregateId,
      event_type: event.type, event_version: event.version, tenant_id: event.tenantId, topic: record.topic,
      partition_key: read.key ?? event.aggregateId, correlation_id: event.correlationId,
      causation_id: event.causationId, trace_id: headers['traceId'], traceparent: event.traceparent,
    };
    // JSON as it came: reading it may have rounded numbers.
    const payload = row && read.value;
    const letter: DeadLetter = {
      record, error: message, attempts,
      deadLetter: {
        topic: `${record.topic}.dlq`, key: read.key, value: read.value,
        headers: {
          ...headers,
          'dlq.topic': record.topic, 'dlq.partition': text(record.partition), 'dlq.offset': text(record.offset),
          'dlq.consumer': this.#options.name, 'dlq.error': message, 'dlq.attempts': String(attempts),
        },
      },
    };
    try {
      await this.#transaction(async (connection) => {
        await connection.query(
          `SELECT app.park_event($1, coalesce($2::uuid, md5($3)::uuid), $4, $5, $6, $7::jsonb, $8::integer,
               $9::bigint, $10, $11::integer,
               $12::jsonb || jsonb_build_object('event_payload', $7::jsonb, 'event_metadata', $14::jsonb), $13)`,
          [
            this.#options.name, read.id, place(record, read), read.type ?? '', record.topic, message, payload,
            text(record.partition), text(record.offset), read.key, attempts,
            row && JSON.stringify(row), row ? null : read.value?.replaceAll('\0', ''), row && (headers['eventMetadata'] ?? '{}'),
          ],
        );
        await this.#options.onParked?.(letter);
      });
    } catch (failure) {
      throw failure instanceof Unreachable ? failure.cause : failure;
    }
    return 'parked';
  }

  async #transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const reached = await this.#options.pool.connect().catch((cause: unknown) => {
      throw new Unreachable('', { cause });
    });
    let broken = true;
    try {
      await reached.query('BEGIN').catch((cause: unknown) => {
        throw new Unreachable('', { cause });
      });
      try {
        const result = await work(reached);
        // Of a transaction in which a statement failed, COMMIT would only roll back.
        await reached.query('SELECT 1');
        await reached.query('COMMIT');
        broken = false;
        return result;
      } catch (error) {
        await reached.query('ROLLBACK').catch(() => {
          throw new Unreachable('', { cause: error });
        });
        broken = false;
        throw error;
      }
    } finally {
      reached.release(broken);
    }
  }
}

/** The database is gone: the record is not done with. */
class Unreachable extends Error {}

type Handler = (event: any, connection: Connection) => Promise<void>;

function backoff(attempt: number): number {
  return Math.min(10_000, 100 * 2 ** (attempt - 1));
}

function text(value: unknown): string | null {
  const one: unknown = Array.isArray(value) ? value[value.length - 1] : value;
  if (one === null || one === undefined) return null;
  return one instanceof Uint8Array ? new TextDecoder().decode(one) : String(one);
}

function uuid(value: unknown): string | null {
  const found = text(value);
  return found !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(found) ? found : null;
}

/** What tells a record that has no id from others. */
function place(record: KafkaRecord, read: Read): string {
  return JSON.stringify([record.topic, record.partition, record.offset, read.key, read.value]).replaceAll('\0', '');
}

function readRecord(record: KafkaRecord): Read {
  const headers: { [name: string]: string | null } = {};
  for (const [name, value] of Object.entries(record.headers ?? {})) headers[name] = text(value);
  const header = (name: string): string | null => headers[name] ?? null;
  const [id, type, key, value] = [uuid(header('id')), header('eventType'), text(record.key), text(record.value)];
  let metadata: { [name: string]: unknown } = {};
  let event: Read['event'];
  try {
    metadata = object(exact(header('eventMetadata') ?? '{}'), 'the header `eventMetadata`');
    const version = Number(header('eventVersion'));
    const known: readonly number[] = (versions as { [type: string]: readonly number[] })[type ?? ''] ?? [];
    if (id === null) throw new Unprocessable('the header `id` is no id of an event');
    if (!known.includes(version)) {
      throw new Unprocessable(`version \`${header('eventVersion')}\` of \`${type}\` is not known here`);
    }
    event = {
      id, type: type ?? '', version, payload: object(value, 'the value'),
      aggregateType: header('aggregateType') ?? '', aggregateId: header('aggregateId') ?? '',
      tenantId: header('tenantId'), correlationId: header('correlationId'), causationId: header('causationId'),
      traceparent: header('traceparent'), occurredAt: header('occurredAt'), metadata,
      replayOf: uuid(metadata['replayOf']), record,
    };
  } catch (error) {
    event = error instanceof Unprocessable ? error : new Unprocessable(String(error));
  }
  return { id, type, key, value, headers, metadata, event };
}

/** JSON in which each number that JavaScript would round is a text with its digits. */
function exact(json: string): string {
  const isKept = (it: string): boolean => it.startsWith('"') || it.length < 16 || String(Number(it)) === it;
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs, (it) => (isKept(it) ? it : `"${it}"`));
}

function object(json: string | null, what: string): { [name: string]: unknown } {
  let found: unknown;
  try {
    found = JSON.parse(json ?? '');
  } catch {
    throw new Unprocessable(`${what} is no JSON`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw new Unprocessable(`${what} is no object`);
  }
  return found as { [name: string]: unknown };
}
