@dataclass(frozen=True)
class Record:
    """A record of Kafka, from whatever client; texts are decoded, or bytes."""

    topic: str
    key: str | bytes | None
    value: str | bytes | None
    headers: Mapping[str, str | bytes | None] | Sequence[tuple[str, str | bytes | None]] | None = None
    partition: int | None = None
    offset: int | None = None


TypeName = TypeVar("TypeName", covariant=True)
Version = TypeVar("Version", covariant=True)
Payload = TypeVar("Payload", covariant=True)


@dataclass(frozen=True)
class Event(Generic[TypeName, Version, Payload]):
    """An event with the context that its record has in headers."""

    id: str
    """The same when an event comes twice."""
    type: TypeName
    version: Version
    payload: Payload
    aggregate_type: str
    aggregate_id: str
    tenant_id: str | None
    correlation_id: str | None
    causation_id: str | None
    """The event that it follows from; of an event that is published again, the original."""
    traceparent: str | None
    """The W3C trace context of the mutation: the parent of a span that the handler begins."""
    occurred_at: str | None
    metadata: Mapping[str, Any]
    """The mutation, with its cascade where the event carries it."""
    replay_of: str | None
    """The event that this one is published again for; None where it is new."""
    record: Record


class Unprocessable(Exception):
    """What a handler raises when no further attempt can help."""


class _Behind(Exception):
    """Rolls the transaction back without being an error."""


Connection = psycopg.Connection[Any]
Outcome = Literal["handled", "duplicate", "parked", "ignored"]
"""What became of a record. Each of them is done with, and its offset can be committed."""


@dataclass(frozen=True)
class DeadLetter:
    """A dead letter, with the record for the topic of dead letters."""

    record: Record
    error: str
    attempts: int
    dead_letter: Record


@dataclass(frozen=True)
class _Read:
    id: str | None
    type: str | None
    key: str | None
    value: str | None
    headers: Mapping[str, str | None]
    metadata: Mapping[str, Any]
    event: "Event[str, int, Any] | Unprocessable"


def _backoff(attempt: int) -> float:
    return min(10.0, 0.1 * 2.0 ** (attempt - 1))


class Consumer:
    """Handles each event once, in the order of the calls. It is for one thread, as its connection is."""

    def __init__(
        self,
        name: str,
        connection: Connection,
        handlers: "Handlers",
        *,
        attempts: int = 5,
        backoff: Callable[[int], float] = _backoff,
        keep_order: bool = True,
        validate: Callable[[str, int, Mapping[str, Any]], None] | None = None,
        on_parked: Callable[[DeadLetter], None] | None = None,
    ) -> None:
        """The name is that under which the inbox remembers events: one for each kind of effect.

        An event is tried so many attempts, `backoff` seconds apart, before it is parked. With keep_order,
        events behind a parked one of their key are parked too. `validate` raises where a payload does not fit
        its schema; `on_parked` sends a dead letter to its topic too, before it is committed.
        """
        self._name = name
        self._connection = connection
        self._handlers = cast("Mapping[str, Callable[[Any, Connection], None]]", handlers)
        self._attempts = max(1, attempts)
        self._backoff = backoff
        self._keep_order = keep_order
        self._validate = validate
        self._on_parked = on_parked

    def consume(self, record: Record) -> Outcome:
        """Handles a record. Raises when the database cannot be reached: then the offset must not be committed."""
        read = _read(record)
        if read.type is None and record.topic not in TOPICS:
            return "ignored"
        handler = self._handlers.get(read.type or "")
        if read.type is not None and handler is None:
            return "ignored"
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            raise RuntimeError("the connection of a consumer has a transaction open that is not the consumer's")
        attempt = 1
        while True:
            try:
                return self._attempt(record, read, handler)
            except _Behind as error:
                return self._park(record, read, error, 0)
            except Exception as error:
                if self._connection.broken or self._connection.closed:
                    raise
                if isinstance(error, Unprocessable) or attempt >= self._attempts:
                    return self._park(record, read, error, attempt)
            time.sleep(self._backoff(attempt))
            attempt += 1

    def _attempt(self, record: Record, read: _Read, handler: Callable[[Any, Connection], None] | None) -> Outcome:
        """One transaction: the event is taken, and its effect made."""
        context = {
            "tenant_id": read.headers.get("tenantId"),
            "correlation_id": read.headers.get("correlationId"),
            "traceparent": read.headers.get("traceparent"),
        }
        with self._connection.transaction():
            row = self._connection.execute(
                "SELECT app.take_event(%s, coalesce(%s::uuid, md5(%s)::uuid), %s, %s, %s::jsonb, %s::uuid, %s)",
                [
                    self._name, read.id, _place(record, read), record.topic, read.key if self._keep_order else None,
                    json.dumps(context), _uuid(read.metadata.get("replayOf")), read.metadata.get("replayFor"),
                ],
            ).fetchone()
            taken = None if row is None else _first(row)
            if taken == "other":
                return "ignored"
            if taken == "duplicate":
                return "duplicate"
            if taken == "behind":
                raise _Behind("an earlier event of its key is parked")
            if isinstance(read.event, Unprocessable):
                raise read.event
            if handler is None:
                raise Unprocessable("the record has no header `eventType`")
            if self._validate is not None:
                self._validate(read.event.type, read.event.version, read.event.payload)
            handler(read.event, self._connection)
            # Of a transaction in which a statement failed, COMMIT would only roll back.
            self._connection.execute("SELECT 1")
            return "handled"

    def _park(self, record: Record, read: _Read, error: Exception, attempts: int) -> Outcome:
        event = None if isinstance(read.event, Unprocessable) else read.event
        row = event and {
            "id": event.id, "aggregate_type": event.aggregate_type, "aggregate_id": event.aggregate_id,
            "event_type": event.type, "event_version": event.version, "tenant_id": event.tenant_id,
            "topic": record.topic, "partition_key": event.aggregate_id if read.key is None else read.key,
            "correlation_id": event.correlation_id, "causation_id": event.causation_id,
            "trace_id": read.headers.get("traceId"), "traceparent": event.traceparent,
        }
        message = str(error) or type(error).__name__
        # JSON as it came: reading it may have rounded numbers.
        payload = read.value if event else None
        metadata = read.headers.get("eventMetadata") or "{}" if event else None
        raw = None if event or read.value is None else read.value.replace("\0", "")
        with self._connection.transaction():
            self._connection.execute(
                """SELECT app.park_event(%s, coalesce(%s::uuid, md5(%s)::uuid), %s, %s, %s, %s::jsonb, %s::integer,
                    %s::bigint, %s, %s::integer,
                    %s::jsonb || jsonb_build_object('event_payload', %s::jsonb, 'event_metadata', %s::jsonb), %s)""",
                [
                    self._name, read.id, _place(record, read), read.type or "", record.topic,
                    message.replace("\0", ""), payload, record.partition, record.offset, read.key, attempts,
                    row and json.dumps(row), payload, metadata, raw,
                ],
            )
            if self._on_parked is not None:
                headers = {
                    **read.headers, "dlq.topic": record.topic, "dlq.partition": _text(record.partition),
                    "dlq.offset": _text(record.offset), "dlq.consumer": self._name, "dlq.error": message,
                    "dlq.attempts": str(attempts),
                }
                letter = Record(f"{record.topic}.dlq", read.key, read.value, headers)
                self._on_parked(DeadLetter(record, message, attempts, letter))
        return "parked"


def _first(row: Any) -> Any:
    return next(iter(row.values())) if isinstance(row, Mapping) else row[0]


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _uuid(value: object) -> str | None:
    found = _text(value)
    return found if found and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", found, re.I) else None


def _place(record: Record, read: _Read) -> str:
    """What tells a record that has no id from others."""
    return json.dumps([record.topic, record.partition, record.offset, read.key, read.value])


def _read(record: Record) -> _Read:
    given = record.headers or {}
    pairs = given.items() if isinstance(given, Mapping) else given
    headers = {name: _text(value) for name, value in pairs}
    event_type, key, value = headers.get("eventType"), _text(record.key), _text(record.value)
    metadata: Mapping[str, Any] = {}
    event: Event[str, int, Any] | Unprocessable
    event_id = _uuid(headers.get("id"))
    try:
        metadata = _object(headers.get("eventMetadata") or "{}", "the header `eventMetadata`", _exact)
        version = headers.get("eventVersion") or ""
        if event_id is None:
            raise Unprocessable("the header `id` is no id of an event")
        if version not in [str(it) for it in VERSIONS.get(event_type or "", ())]:
            raise Unprocessable(f"version `{version}` of `{event_type}` is not known here")
        event = Event(
            id=event_id, type=event_type or "", version=int(version), payload=_object(value, "the value"),
            aggregate_type=headers.get("aggregateType") or "", aggregate_id=headers.get("aggregateId") or "",
            tenant_id=headers.get("tenantId"), correlation_id=headers.get("correlationId"),
            causation_id=headers.get("causationId"), traceparent=headers.get("traceparent"),
            occurred_at=headers.get("occurredAt"), metadata=metadata,
            replay_of=_uuid(metadata.get("replayOf")), record=record,
        )
    except Unprocessable as error:
        event = error
    return _Read(event_id, event_type, key, value, headers, metadata, event)


def _exact(digits: str) -> float | Decimal:
    """A number, as a Decimal where a float would round it."""
    return float(digits) if len(digits) < 16 or repr(float(digits)) == digits else Decimal(digits)


def _object(text: str | None, what: str, number: Callable[[str], float | Decimal] = float) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "", parse_float=number)
    except ValueError:
        raise Unprocessable(f"{what} is no JSON") from None
    if not isinstance(found, dict):
        raise Unprocessable(f"{what} is no object")
    return cast("Mapping[str, Any]", found)
