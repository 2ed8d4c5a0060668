const fragments = new Map<string, unknown>();

/** The fragment that selects the fields of a row; of references `__typename` and `id`. With `objects` it
 *  selects these instead, as objects. The caches ask for documents as `graphql` parses them, and keep what
 *  they know of one, so each is made once. */
function fragmentOf(row: Row, objects?: readonly string[]): unknown {
  const named = objects === undefined ? Object.keys(row) : ["__typename", "id", ...objects];
  const fields = named.filter(
    (it) => row[it] !== undefined && (it === "__typename" || /^(?!__)[_A-Za-z][_A-Za-z0-9]*$/.test(it)),
  );
  const links = objects ?? fields.filter((it) => isLink(row.__typename, it, row[it]));
  const key = JSON.stringify([row.__typename, fields, links]);
  const known = fragments.get(key);
  if (known !== undefined) return known;
  const name = (value: string) => ({ kind: "Name", value });
  const field = (it: string) => ({ kind: "Field", name: name(it) });
  const reference = { kind: "SelectionSet", selections: [field("__typename"), field("id")] };
  const selections = fields.map((it) =>
    links.includes(it) ? { ...field(it), selectionSet: reference } : field(it),
  );
  const document = {
    kind: "Document",
    definitions: [
      {
        kind: "FragmentDefinition",
        name: name(`SpecqlCascade${fragments.size}`),
        typeCondition: { kind: "NamedType", name: name(row.__typename) },
        selectionSet: { kind: "SelectionSet", selections },
      },
    ],
  };
  fragments.set(key, document);
  return document;
}
