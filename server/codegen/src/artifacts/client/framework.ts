/** A uuid in lower case. */
export type Uuid = string;
/** An instant: RFC 3339 with an offset. */
export type DateTime = string;
/** A date and a time without a zone. */
export type LocalDateTime = string;
/** A date: `2026-03-01`. */
export type LocalDate = string;
/** A time of day. */
export type LocalTime = string;
/** A duration in ISO 8601. */
export type Duration = string;

/** A row of another entity, by its type and id. */
export interface Reference<T extends string = Typename> {
  __typename: T;
  id: Uuid;
}

/** A row that is new or has other values. `entity` is the row as it is now, or a bare reference where the
 *  action leaves its values out. */
export interface Changed<T extends string, O extends "CREATED" | "UPDATED", E> {
  __typename: T;
  id: Uuid;
  operation: O;
  entity: E;
}

/** A row that is gone. */
export interface Deleted<T extends string> {
  __typename: T;
  id: Uuid;
  deletedAt: DateTime;
}

/** A query whose cached results are no longer right. */
export interface Invalidation {
  queryName: string;
  /** With scope `PATTERN`: a name in which `*` is any text and `?` any character. */
  queryPattern?: string;
  /** With scope `EXACT`: only the result with exactly these arguments. */
  arguments?: { [name: string]: unknown };
  /** `INVALIDATE`: not to be shown again without asking; `REFETCH`: ask now; `REMOVE`: forget. */
  strategy: "INVALIDATE" | "REFETCH" | "REMOVE";
  /** `EXACT`: the query of this name; `PREFIX`: all whose names begin so; `PATTERN`: all whose names fit;
   *  `ALL`: every query. */
  scope: "EXACT" | "PREFIX" | "PATTERN" | "ALL";
}

/** About a cascade. */
export interface Metadata {
  timestamp: DateTime;
  transactionId?: string | null;
  depth: number;
  affectedCount: number;
  /** The event that was written in the same transaction. */
  eventId?: Uuid;
  tenantId?: Uuid;
  /** Not every change is listed: nothing that was cached can be trusted. */
  truncated?: boolean;
  /** With `truncated`: how many changes there were. */
  originalCount?: number;
}

/** A changed row of any entity. */
export type AnyChanged = {
  [T in Typename]: Changed<T, "CREATED" | "UPDATED", Entities[T] | Reference<T>>;
}[Typename];

/** A deleted row of any entity. */
export type AnyDeleted = { [T in Typename]: Deleted<T> }[Typename];

/** `_cascade`: all that an action changed, in the order in which it is to be applied. */
export interface Cascade<U = AnyChanged, D = AnyDeleted> {
  updated: readonly U[];
  deleted: readonly D[];
  invalidations: readonly Invalidation[];
  metadata: Metadata;
}

/** What happened to the rows of one entity. */
export interface ImpactEntry {
  entity_type: string;
  operation: string;
  modified_fields: string[];
}

/** `_meta`: what the action declares, and what it did. */
export interface Impact {
  primary_entity: ImpactEntry | null;
  actual_side_effects: ImpactEntry[];
  cache_invalidations: {
    query: string;
    filter?: { [name: string]: unknown } | null;
    strategy: string;
    reason?: string | null;
  }[];
}

/** What an action answers: `app.mutation_result`. */
export interface Answer {
  id: Uuid | null;
  updated_fields: string[] | null;
  /** `failed:<code>` where nothing was changed. */
  status: "success" | `failed:${string}`;
  message: string | null;
  object_data: unknown;
  extra_metadata: {
    [member: string]: unknown;
    _meta?: Impact;
    _cascade?: Cascade;
    /** Where `status` is no success: its code, and the field that it is about. */
    _error?: { code: string; field?: string | null; entity?: string | null };
  } | null;
}
