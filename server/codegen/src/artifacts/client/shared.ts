interface Row {
  __typename: string;
  id: string;
  [field: string]: unknown;
}

function isObject(it: unknown): it is { [field: string]: unknown } {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}

function isRow(it: unknown): it is Row {
  return isObject(it) && typeof it["__typename"] === "string" && typeof it["id"] === "string";
}

/** The row that an entry of `updated` brings. A bare reference, and one that contradicts its entry, brings
 *  none: then the row has changed in ways that nobody knows. */
function rowOf(entry: { __typename: string; id: string; entity?: unknown }): Row | undefined {
  const row = entry.entity;
  if (!isRow(row) || row.__typename !== entry.__typename || row.id !== entry.id) return undefined;
  return Object.keys(row).some((it) => it !== "__typename" && it !== "id") ? row : undefined;
}

/** Whether an invalidation means the query of a name. A scope that is not known means all. */
function means(it: Invalidation, query: string): boolean {
  switch (it.scope) {
    case "EXACT":
      return query === it.queryName;
    case "PREFIX":
      return query.startsWith(it.queryName);
    case "PATTERN":
      return fits(it.queryPattern ?? it.queryName, query);
    default:
      return true;
  }
}

/** Whether a name fits a pattern, in which `*` is any text and `?` any character. */
function fits(pattern: string, name: string): boolean {
  const source = pattern.replace(/[^A-Za-z0-9_]/gu, (it) => {
    if (it === "*") return ".*";
    return it === "?" ? "." : `\\u{${it.codePointAt(0)?.toString(16)}}`;
  });
  return new RegExp(`^${source}$`, "su").test(name);
}
