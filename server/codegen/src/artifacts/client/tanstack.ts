/** A query of TanStack Query 5, as far as it is used here. */
export interface QueryLike {
  queryKey: readonly unknown[];
  state: { data: unknown; dataUpdatedAt: number; isInvalidated: boolean };
  options?: any;
  invalidate(): void;
}

/** The client of TanStack Query 5, as far as it is used here. */
export interface QueryClientLike {
  getQueryCache(): { getAll(): QueryLike[] };
  setQueryData(queryKey: any, data: any, options?: { updatedAt?: number }): unknown;
  removeQueries(filters: any): void;
  invalidateQueries(filters?: any): Promise<void>;
  refetchQueries(filters?: any): Promise<void>;
}

export interface ApplyOptions {
  /** The query of GraphQL that a key stands for. Without it a key is `[name]` or `[name, arguments]`. */
  queryOf?: QueryOf;
  /** The key of a single row. Without it `[typename, id]`. */
  keyOf?: (row: { __typename: string; id: string }) => readonly unknown[];
}

/**
 * Brings the cache of TanStack Query up to date with what an action changed. It resolves when what had to be
 * asked for has come.
 *
 * TanStack Query keeps results as they came, so one row can lie in many of them:
 *
 * - A row of `updated` is put under its own key, and every copy of it gets the new values of the fields that
 *   the copy has. A copy is known by its id; aliases and arguments of fields cannot be seen in it. A query
 *   with a copy for which values are missing (another author, of whom it shows the name) is invalidated.
 * - A row of `deleted` is removed with its key and from every list. A query that has it elsewhere is
 *   invalidated.
 * - `INVALIDATE` makes results stale and asks for those on the screen, `REFETCH` asks for the others too,
 *   `REMOVE` removes them.
 * - A row that changed in unknown ways makes every query with a copy of it stale, a truncated cascade every
 *   query there is.
 */
export async function applyCascade(
  client: QueryClientLike,
  cascade: Cascade | null | undefined,
  options: ApplyOptions = {},
): Promise<void> {
  if (cascade === null || cascade === undefined) return;
  const keyOf = options.keyOf ?? ((row) => [row.__typename, row.id]);
  const changes: Changes = { rows: new Map(), unknown: new Set(), deleted: new Set() };
  for (const entry of cascade.updated ?? []) {
    const row = rowOf(entry);
    if (row === undefined) changes.unknown.add(entry.id);
    else changes.rows.set(row.id, row);
  }
  for (const { __typename, id } of cascade.deleted ?? []) {
    changes.deleted.add(id);
    client.removeQueries({ queryKey: keyOf({ __typename, id }), exact: true });
  }
  const stale = patchAll(client, changes);
  for (const row of changes.rows.values()) {
    const queryKey = keyOf(row);
    const known = client.getQueryCache().getAll().find((it) => same(it.queryKey, queryKey));
    if (known === undefined || known.state.data === undefined) client.setQueryData(queryKey, row);
    else if (isObject(known.state.data)) put(client, known, { ...row, ...known.state.data });
  }
  const again = new Set<QueryLike>();
  for (const it of cascade.invalidations ?? []) {
    const meant = meantBy(client, it, options.queryOf ?? queryOf);
    if (it.strategy === "REMOVE") client.removeQueries({ predicate: (query: QueryLike) => meant.includes(query) });
    else for (const query of meant) (it.strategy === "REFETCH" ? again : stale).add(query);
  }
  if (cascade.metadata?.truncated === true) for (const it of client.getQueryCache().getAll()) stale.add(it);
  // Each query once: what is asked for a second time ends the first.
  const onlyStale = (it: QueryLike) => stale.has(it) && !again.has(it);
  // A row that was put here has nothing to be asked with.
  const canBeAsked = (it: QueryLike) => again.has(it) && it.options?.queryFn !== undefined;
  await Promise.all([
    client.invalidateQueries({ predicate: onlyStale }),
    client.invalidateQueries({ predicate: (it: QueryLike) => again.has(it), refetchType: "none" }),
    client.refetchQueries({ predicate: canBeAsked }),
  ]);
}

interface Changes {
  rows: Map<string, Row>;
  unknown: Set<string>;
  deleted: Set<string>;
}

type QueryOf = (queryKey: readonly unknown[]) => { name: string; arguments?: unknown } | undefined;

function queryOf(queryKey: readonly unknown[]): { name: string; arguments?: unknown } | undefined {
  const [name, args] = queryKey;
  return typeof name === "string" ? { name, arguments: args } : undefined;
}

function meantBy(client: QueryClientLike, it: Invalidation, queryOf: QueryOf): QueryLike[] {
  return client.getQueryCache().getAll().filter(({ queryKey }) => {
    if (it.scope === "ALL") return true;
    const query = queryOf(queryKey);
    if (query === undefined || !means(it, query.name)) return false;
    const isAny = it.scope !== "EXACT" || it.arguments === undefined || it.arguments === null;
    return isAny || same(query.arguments, it.arguments);
  });
}

/** Writes the changes into the results of all queries; what is returned are those that are not right still. */
function patchAll(client: QueryClientLike, changes: Changes): Set<QueryLike> {
  const stale = new Set<QueryLike>();
  for (const query of client.getQueryCache().getAll()) {
    const data = patch(query.state.data, changes, () => stale.add(query));
    if (data !== query.state.data) put(client, query, data);
  }
  return stale;
}

/** Replaces what a query holds. It is as old as before, and as stale. */
function put(client: QueryClientLike, query: QueryLike, data: unknown): void {
  const { dataUpdatedAt, isInvalidated } = query.state;
  client.setQueryData(query.queryKey, data, { updatedAt: dataUpdatedAt });
  if (isInvalidated) query.invalidate();
}

/** The value with the changes; the same value where there are none. */
function patch(value: unknown, changes: Changes, lose: () => void): unknown {
  if (Array.isArray(value)) {
    const kept = value.filter((it) => !isDeleted(it, changes));
    const items = kept.map((it) => patch(it, changes, lose));
    const isSame = items.length === value.length && items.every((it, index) => it === value[index]);
    return isSame ? value : items;
  }
  if (!isObject(value)) return value;
  if (isDeleted(value, changes)) lose();
  const id = value["id"];
  if (typeof id === "string" && changes.unknown.has(id)) lose();
  const row = typeof id === "string" ? changes.rows.get(id) : undefined;
  const isCopy = row !== undefined && (value["__typename"] ?? row.__typename) === row.__typename;
  const res: { [field: string]: unknown } = {};
  let isSame = true;
  for (const [field, before] of Object.entries(value)) {
    const inner = patch(before, changes, lose);
    res[field] = isCopy && has(row, field) ? merged(inner, row[field], lose) : inner;
    isSame &&= res[field] === before;
  }
  return isSame ? value : res;
}

function isDeleted(value: unknown, changes: Changes): boolean {
  return isObject(value) && typeof value["id"] === "string" && changes.deleted.has(value["id"]);
}

/** What a field of a copy becomes. Of a row that it refers to the copy may show more than the reference
 *  tells: the same row stays as it is, another one is not known. */
function merged(before: unknown, after: unknown, lose: () => void): unknown {
  if (isRow(after)) {
    if (isObject(before) && before["id"] === after.id) return before;
    if (isObject(before) && isBare(before)) return after;
    lose();
    return before;
  }
  if (Array.isArray(after) && after.length > 0 && after.every(isRow)) {
    const copies = Array.isArray(before) ? before.filter(isObject) : [];
    const known = new Map(copies.map((it) => [it["id"], it]));
    const areBare = copies.length > 0 && copies.every(isBare);
    const items = after.map((it) => known.get(it.id) ?? (areBare ? it : undefined));
    if (items.includes(undefined)) {
      lose();
      return before;
    }
    return same(items, before) ? before : items;
  }
  return same(before, after) ? before : after;
}

function isBare(it: unknown): boolean {
  return isObject(it) && has(it, "__typename") && Object.keys(it).every((key) => key === "__typename" || key === "id");
}

/** Whether two values are the same JSON; members that are `undefined` are none. */
function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((it, index) => same(it, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key], right[key]));
}
