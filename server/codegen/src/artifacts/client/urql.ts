/** The cache that Graphcache 9 hands to `updates`, as far as it is used here. */
export interface GraphcacheLike {
  writeFragment(fragment: any, data: any): void;
  invalidate(entity: any, fieldName?: string, args?: any): void;
  inspectFields(entity: any): { fieldName: string; arguments: { [name: string]: any } | null }[];
}

/**
 * Brings urql's Graphcache up to date with what an action changed. Call it from `updates.Mutation`; urql
 * then runs the queries on the screen that lost something again.
 *
 * - A row of `updated` is written under its own key, so that every query which has it shows the new values.
 *   A new row enters no list by itself: the `invalidations` say which lists are to be asked for again.
 * - A row of `deleted`, and one that changed in unknown ways, is invalidated: a query that has it asks
 *   again.
 * - What an invalidation means is dropped, whatever its strategy: Graphcache knows no stale results, and
 *   asks for what is on the screen by itself.
 * - After a truncated cascade every result of every query is dropped, since any of them may be wrong.
 */
export function applyCascade(cache: GraphcacheLike, cascade: Cascade | null | undefined): void {
  if (cascade === null || cascade === undefined) return;
  for (const entry of cascade.updated ?? []) {
    const row = rowOf(entry);
    if (row === undefined) cache.invalidate({ __typename: entry.__typename, id: entry.id });
    else write(cache, row);
  }
  for (const { __typename, id } of cascade.deleted ?? []) cache.invalidate({ __typename, id });
  if (cascade.metadata?.truncated === true) drop(cache, () => true);
  for (const it of cascade.invalidations ?? []) {
    if (it.scope === "EXACT" && it.arguments !== undefined && it.arguments !== null) {
      cache.invalidate("Query", it.queryName, it.arguments);
    } else {
      drop(cache, (query) => means(it, query));
    }
  }
}

function write(cache: GraphcacheLike, row: Row): void {
  for (const [field, value] of Object.entries(row)) {
    // Graphcache reads an object that a query has left there before it reads what is written here.
    const isValue = typeof value === "object" && !isLink(row.__typename, field, value);
    if (isValue) cache.invalidate({ __typename: row.__typename, id: row.id }, field);
  }
  cache.writeFragment(fragmentOf(row), row);
  // It keeps the `null` of a scalar and that of an object in two places; which one it is is not known here.
  const empty = Object.keys(row).filter((it) => row[it] === null && !isLink(row.__typename, it, null));
  const nulls = Object.fromEntries(empty.map((it) => [it, null]));
  if (empty.length > 0) cache.writeFragment(fragmentOf(row, empty), { __typename: row.__typename, id: row.id, ...nulls });
}

function drop(cache: GraphcacheLike, isMeant: (query: string) => boolean): void {
  for (const it of cache.inspectFields("Query")) {
    if (isMeant(it.fieldName)) cache.invalidate("Query", it.fieldName, it.arguments);
  }
}
