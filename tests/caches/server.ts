// A GraphQL server whose rows are those of the database: what an action has answered is what its mutation
// does. It notes every query that it is asked for.

import { readFileSync } from "node:fs";
import { buildSchema, graphql } from "graphql";
import type { Cascade } from "./emitted/music/client.ts";

interface Reference {
  __typename: string;
  id: string;
}

type Row = Reference & { [field: string]: unknown };

export const payloads: { music: { [step: string]: Cascade } } & { [workspace: string]: { [step: string]: any } } =
  JSON.parse(readFileSync(new URL("payloads.json", import.meta.url), "utf8"));

export function step(name: string): Cascade {
  const found = payloads.music[name];
  if (found === undefined) throw new Error(`no action made ${name}`);
  return found;
}

/** The id of the first row that a step lists. */
export function idOf(name: string): string {
  const [first] = step(name).updated;
  if (first === undefined) throw new Error(`${name} lists nothing`);
  return first.id;
}

const schema = buildSchema(readFileSync(new URL("music.graphql", import.meta.url), "utf8"));

export class Server {
  rows = new Map<string, Row>();
  asked: string[] = [];

  /** The rows as they stood before the steps that the tests take. */
  constructor() {
    for (const it of ["Blue", "Red", "A", "B", "C", "created", "other"]) this.run(it);
  }

  run(name: string): Cascade {
    const cascade = step(name);
    for (const { id, entity } of structuredClone(cascade.updated)) {
      // An action that tells no values has counted; the others tell all.
      const before = this.rows.get(id);
      if ("createdAt" in entity) this.rows.set(id, entity as unknown as Row);
      else if (before !== undefined) before["plays"] = "1";
    }
    for (const { id } of cascade.deleted) this.rows.delete(id);
    if (cascade.metadata.truncated === true) {
      for (const it of this.rows.values()) if (it.__typename === "Artist") it["name"] = "Z";
    }
    return cascade;
  }

  async answer(source: string, variables: { [name: string]: unknown } = {}): Promise<any> {
    const result = await graphql({ schema, source, variableValues: variables, rootValue: this.root() });
    if (result.errors !== undefined) throw result.errors[0];
    return JSON.parse(JSON.stringify(result));
  }

  /** What was asked for since the last time, sorted. */
  takeAsked(): string[] {
    return this.asked.splice(0).sort();
  }

  private root() {
    const note = (name: string, args: object) => {
      const said = Object.keys(args).length === 0 ? name : `${name} ${Object.values(args).join()}`;
      this.asked.push(said);
    };
    const all = (typename: string) =>
      [...this.rows.values()].filter((it) => it.__typename === typename).map((it) => this.object(it));
    return {
      node: (args: { id: string }) => (note("node", args), this.object(this.rows.get(args.id))),
      album: (args: { id: string }) => (note("album", args), this.object(this.rows.get(args.id))),
      albums: (args: object) => (note("albums", args), all("Album")),
      albumsByLabel: (args: { label?: string }) => (
        note("albumsByLabel", args), all("Album").filter((it: any) => it.raw.label?.id === args.label)
      ),
      searchAlbums: (args: { text: string }) => (
        note("searchAlbums", args), all("Album").filter((it: any) => it.raw.title.includes(args.text))
      ),
      artists: (args: object) => (note("artists", args), all("Artist")),
      labels: (args: object) => (note("labels", args), all("Label")),
      run: (args: { step: string }) => ({ cascade: this.run(args.step) }),
    };
  }

  private object(row: Row | undefined): unknown {
    if (row === undefined) return null;
    const row_of = (it: unknown) => (it === null ? null : this.object(this.rows.get((it as Reference).id)));
    return {
      ...row,
      raw: row,
      label: () => row_of(row["label"]),
      artists: () => ((row["artists"] ?? []) as Reference[]).map(row_of),
    };
  }
}

export const QUERIES = {
  albums:
    "query Albums { albums { __typename id title price plays extras label { __typename id name } artists { __typename id name } home { __typename street city } } }",
  album:
    "query Album($id: ID!) { album(id: $id) { __typename id title label { __typename id name } home { __typename street city } } }",
  byLabel: "query ByLabel($label: ID) { albumsByLabel(label: $label) { __typename id title } }",
  search: "query Search($text: String!) { searchAlbums(text: $text) { __typename id title } }",
  artists: "query Artists { artists { __typename id name } }",
  labels: "query Labels { labels { __typename id name } }",
  run: "mutation Run($step: String!) { run(step: $step) { __typename cascade } }",
};

export const [one, blue, red] = [idOf("created"), idOf("Blue"), idOf("Red")];

/** The queries on a screen: name, text, variables. */
export const SHOWN: readonly [string, string, object][] = [
  ["albums", QUERIES.albums, {}],
  ["album", QUERIES.album, { id: one }],
  ["blue", QUERIES.byLabel, { label: blue }],
  ["red", QUERIES.byLabel, { label: red }],
  ["search", QUERIES.search, { text: "e" }],
  ["artists", QUERIES.artists, {}],
  ["labels", QUERIES.labels, {}],
];

/** Keeps what a library complains of. */
export function listen(warned: string[]): void {
  for (const level of ["warn", "error"] as const) {
    console[level] = (...said: unknown[]) => void warned.push(said.join(" "));
  }
}

/** Waits until nothing more is asked for. */
export async function settled(server: Server): Promise<void> {
  for (let before = -1; before !== server.asked.length; ) {
    before = server.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
