/** Relay's environment, as far as it is used here. */
export interface RelayEnvironmentLike {
  commitUpdate(updater: (store: any) => void): void;
  getStore(): { getSource(): { get(id: string): any } };
}

export interface ApplyOptions {
  /** Is told of each invalidation with strategy `REFETCH`: Relay does not know which of its queries are on
   *  the screen, so the application has to ask for them. */
  onRefetch?: (it: Invalidation) => void;
}

interface RelayRecord {
  setValue(value: unknown, name: string): unknown;
  setLinkedRecord(record: RelayRecord, name: string): unknown;
  setLinkedRecords(records: (RelayRecord | null)[], name: string): unknown;
  invalidateRecord(): void;
}

interface RelayStore {
  get(id: string): RelayRecord | null | undefined;
  create(id: string, typename: string): RelayRecord;
  delete(id: string): void;
  getRoot(): RelayRecord;
  invalidateStore(): void;
}

/** A record as it stood in the store before: a link is `{ __ref }`, a list of them `{ __refs }`. */
type Raw = { [key: string]: unknown } | null | undefined;
type Source = { get(id: string): Raw };

/**
 * Brings Relay's store up to date with what an action changed. Call it from `onCompleted` of the mutation.
 *
 * - A row of `updated` is written to the record of its id, so that every fragment on it shows the new
 *   values. A new row enters no list and no connection by itself.
 * - A record of `deleted` is deleted: a list that has it shows `null` there, as after `@deleteRecord`.
 * - `INVALIDATE` and `REFETCH` make results stale: what is on the screen stays, and a query that has them
 *   asks the network when it is rendered again. The record that a result leads to is marked; for a list its
 *   rows are; where there is none, the root is, and with it every query. See `onRefetch`.
 * - `REMOVE` makes the field of the root missing.
 * - A row that changed in unknown ways is stale. After a truncated cascade the whole store is.
 */
export function applyCascade(
  environment: RelayEnvironmentLike,
  cascade: Cascade | null | undefined,
  options: ApplyOptions = {},
): void {
  if (cascade === null || cascade === undefined) return;
  const source: Source = environment.getStore().getSource();
  const invalidations = cascade.invalidations ?? [];
  environment.commitUpdate((store: RelayStore) => {
    for (const entry of cascade.updated ?? []) {
      const row = rowOf(entry);
      if (row === undefined) store.get(entry.id)?.invalidateRecord();
      else write(store, source, row);
    }
    for (const { id } of cascade.deleted ?? []) store.delete(id);
    for (const it of invalidations) invalidate(store, source, it);
    if (cascade.metadata?.truncated === true) store.invalidateStore();
  });
  for (const it of invalidations) if (it.strategy === "REFETCH") options.onRefetch?.(it);
}

function record(store: RelayStore, id: string, typename: string): RelayRecord {
  const known = store.get(id);
  if (known !== null && known !== undefined) return known;
  const made = store.create(id, typename);
  made.setValue(id, "id");
  return made;
}

function write(store: RelayStore, source: Source, row: Row): void {
  const target = record(store, row.id, row.__typename);
  const before = source.get(row.id);
  for (const [field, value] of Object.entries(row)) {
    if (field === "__typename" || field === "id" || value === undefined) continue;
    if (value === null || !isLink(row.__typename, field, value)) {
      if (!writeValue(store, source, target, before, field, value)) target.invalidateRecord();
    } else if (Array.isArray(value)) {
      const rows = value.map((it) => (isRow(it) ? record(store, it.id, it.__typename) : null));
      target.setLinkedRecords(rows, field);
    } else if (isRow(value)) {
      target.setLinkedRecord(record(store, value.id, value.__typename), field);
    }
  }
}

/** Writes what is no reference. Relay keeps an object as a record of its own if a query has selected from
 *  it: that one is written. Whether another is one is not known here: it becomes missing, and is asked for
 *  again. */
function writeValue(
  store: RelayStore,
  source: Source,
  target: RelayRecord,
  before: Raw,
  field: string,
  value: unknown,
): boolean {
  if (isLeaf(value)) {
    target.setValue(value, field);
    return true;
  }
  const link = before?.[field];
  const id = isObject(link) ? link["__ref"] : undefined;
  const inner = typeof id === "string" ? store.get(id) : undefined;
  if (typeof id !== "string" || inner === null || inner === undefined || !isObject(value)) {
    target.setValue(undefined, field);
    return false;
  }
  const written = Object.entries(value).map(([name, it]) =>
    writeValue(store, source, inner, source.get(id), name, it),
  );
  return written.every((it) => it);
}

function isLeaf(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isLeaf) : typeof value !== "object" || value === null;
}

function invalidate(store: RelayStore, source: Source, it: Invalidation): void {
  const root = source.get("client:root") ?? {};
  for (const [key, value] of Object.entries(root)) {
    if (key.startsWith("__") || !isMeant(it, key)) continue;
    if (it.strategy === "REMOVE") store.getRoot().setValue(undefined, key);
    else makeStale(store, value);
  }
}

/** Whether an invalidation means a field of the root by its key: `posts` or `posts(first:10)`. */
function isMeant(it: Invalidation, key: string): boolean {
  if (it.scope === "EXACT" && it.arguments !== undefined && it.arguments !== null) {
    return key === storageKey(it.queryName, it.arguments);
  }
  return means(it, key.split("(", 1)[0] ?? key);
}

/** The key of a field with arguments, as Relay makes it. */
function storageKey(name: string, args: { [name: string]: unknown }): string {
  const names = Object.keys(args).filter((it) => args[it] !== null && args[it] !== undefined);
  const values = names.sort().map((it) => `${it}:${JSON.stringify(sorted(args[it]))}`);
  return values.length === 0 ? name : `${name}(${values.join(",")})`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((it) => [it, sorted(value[it])]));
}

function makeStale(store: RelayStore, value: unknown): void {
  const links = isObject(value) ? [value["__ref"], value["__refs"]].flat() : [];
  const records = links.map((it) => (typeof it === "string" ? store.get(it) : undefined));
  const found = records.filter((it) => it !== null && it !== undefined);
  if (found.length === 0) store.getRoot().invalidateRecord();
  for (const it of found) it.invalidateRecord();
}
