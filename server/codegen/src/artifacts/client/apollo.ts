/** The cache of Apollo Client 3 or 4, as far as it is used here. */
export interface ApolloCacheLike {
  identify(object: any): string | undefined;
  writeFragment(options: { id: string; fragment: any; data: any; overwrite: boolean }): unknown;
  evict(options: { id?: string; fieldName?: string; args?: { [name: string]: any } }): boolean;
  modify(options: { id: string; fields: (value: any, details: any) => any }): boolean;
  batch(options: { update(cache: any): void }): unknown;
  gc(): string[];
}

/** Apollo Client 3 or 4, as far as it is used here. */
export interface ApolloClientLike {
  refetchQueries(options: {
    updateCache(cache: any): void;
    onQueryUpdated(query: any, diff: any): boolean;
  }): unknown;
}

export interface ApplyOptions {
  /** With it, `REFETCH` asks for every query on the screen that it means. Without it such queries are
   *  dropped like those of `INVALIDATE`, and Apollo asks for the ones whose policy looks into the cache. */
  client?: ApolloClientLike;
}

/**
 * Brings Apollo's cache up to date with what an action changed.
 *
 * - A row of `updated` is written under its own key, so that every query which has it shows the new values.
 *   A new row enters no list by itself: the `invalidations` say which lists are to be asked for again.
 * - A row of `deleted` is evicted; Apollo leaves it out of the lists that have it.
 * - What an invalidation means is dropped from `ROOT_QUERY`: Apollo knows no stale results. Queries on the
 *   screen that lose something ask for it again, `REMOVE` included.
 * - Of a row that changed in unknown ways all fields are dropped, but not the row: it stays in lists.
 * - After a truncated cascade every result of every query is dropped, since any of them may be wrong.
 *
 * All in one batch: watchers are told once.
 */
export function applyCascade(
  cache: ApolloCacheLike,
  cascade: Cascade | null | undefined,
  options: ApplyOptions = {},
): void {
  if (cascade === null || cascade === undefined) return;
  const truncated = cascade.metadata?.truncated === true;
  const invalidations = truncated ? [] : (cascade.invalidations ?? []);
  const client = options.client;
  const isLater = (it: Invalidation) => client !== undefined && it.strategy === "REFETCH";
  const later = invalidations.filter(isLater);
  cache.batch({
    update(inner: ApolloCacheLike) {
      // First, so that what is listed stays: without roots nothing else can be reached.
      if (truncated) {
        dropFields(inner, "ROOT_QUERY", () => true);
        inner.gc();
      }
      for (const entry of cascade.updated ?? []) write(inner, entry);
      for (const { __typename, id } of cascade.deleted ?? []) {
        const key = inner.identify({ __typename, id });
        // Without a key Apollo would evict everything.
        if (key !== undefined) inner.evict({ id: key });
      }
      for (const it of invalidations) if (!isLater(it)) drop(inner, it);
    },
  });
  if (client === undefined || later.length === 0) return;
  // Not now: inside `update` of a mutation Apollo finds no query that something concerns.
  queueMicrotask(() => {
    client.refetchQueries({
      updateCache(inner: ApolloCacheLike) {
        for (const it of later) drop(inner, it);
      },
      // Apollo names every query of the field here, those with other arguments too, which have all still.
      onQueryUpdated: (_query, diff) => diff.complete !== true,
    });
  });
}

function write(cache: ApolloCacheLike, entry: { __typename: string; id: string; entity?: unknown }): void {
  const row = rowOf(entry);
  const id = cache.identify(row ?? { __typename: entry.__typename, id: entry.id });
  if (id === undefined) return;
  if (row === undefined) dropFields(cache, id, (it) => it !== "id");
  else writeRow(cache, id, row);
}

function writeRow(cache: ApolloCacheLike, id: string, row: Row): void {
  const rest: Row = { ...row };
  cache.modify({
    id,
    fields: (before, { fieldName, storeFieldName }) => {
      const value = row[fieldName];
      const isValue = typeof value === "object" && value !== null && !isLink(row.__typename, fieldName, value);
      if (!isValue || storeFieldName !== fieldName) return before;
      delete rest[fieldName];
      return embedded(before, value);
    },
  });
  // A list is what it is now, whatever a `merge` function would keep of the one before.
  cache.writeFragment({ id, fragment: fragmentOf(rest), data: rest, overwrite: true });
}

/** An object with the type and the members that a query has selected: the cascade knows no type of it. */
function embedded(before: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    const known: unknown[] = Array.isArray(before) ? before : [];
    return value.map((it, index) => embedded(known[index] ?? known[0], it));
  }
  if (!isObject(value) || !isObject(before) || typeof before["__typename"] !== "string") return value;
  const res: { [member: string]: unknown } = { __typename: before["__typename"] };
  for (const it of Object.keys(before)) if (has(value, it)) res[it] = embedded(before[it], value[it]);
  return res;
}

function drop(cache: ApolloCacheLike, it: Invalidation): void {
  if (it.scope !== "EXACT") {
    dropFields(cache, "ROOT_QUERY", (field) => means(it, field));
  } else if (it.arguments === undefined || it.arguments === null) {
    cache.evict({ id: "ROOT_QUERY", fieldName: it.queryName });
  } else {
    // Apollo makes the key of the result itself: `keyArgs` of a type policy count.
    cache.evict({ id: "ROOT_QUERY", fieldName: it.queryName, args: it.arguments });
  }
}

function dropFields(cache: ApolloCacheLike, id: string, isMeant: (field: string) => boolean): void {
  cache.modify({
    id,
    fields: (value, { fieldName, DELETE }) =>
      fieldName !== "__typename" && isMeant(fieldName) ? DELETE : value,
  });
}
