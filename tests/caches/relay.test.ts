// Relay: its store, with queries that its compiler made, over a real server.

import assert from "node:assert/strict";
import test from "node:test";
// The package is one of CommonJS, of which Node knows the default export alone.
import relay from "relay-runtime";
import albums from "./__generated__/musicAlbumsQuery.graphql.js";
import album from "./__generated__/musicAlbumQuery.graphql.js";
import artists from "./__generated__/musicArtistsQuery.graphql.js";
import byLabel from "./__generated__/musicByLabelQuery.graphql.js";
import labels from "./__generated__/musicLabelsQuery.graphql.js";
import search from "./__generated__/musicSearchQuery.graphql.js";
import { applyCascade } from "./emitted/music/client-relay.ts";
import { Server, blue, idOf, listen, one, red, step } from "./server.ts";

const { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery } = relay as any;

const QUERIES: { [name: string]: [query: any, variables: object] } = {
  albums: [albums, {}],
  album: [album, { id: one }],
  blue: [byLabel, { label: blue }],
  red: [byLabel, { label: red }],
  search: [search, { text: "e" }],
  artists: [artists, {}],
  labels: [labels, {}],
};

class Screen {
  server = new Server();
  environment: any = new Environment({
    network: Network.create((params: any, variables: any) => this.server.answer(params.text, variables)),
    store: new Store(new RecordSource()),
  });

  async show(): Promise<void> {
    for (const name of Object.keys(QUERIES)) await this.fetch(name);
    assert.deepEqual(this.stale(), []);
  }

  async fetch(name: string): Promise<void> {
    const operation = this.operation(name);
    this.environment.retain(operation);
    await fetchQuery(this.environment, ...QUERIES[name]!).toPromise();
  }

  private operation(name: string): any {
    return createOperationDescriptor(...QUERIES[name]!);
  }

  now(name: string): any {
    const data = this.environment.lookup(this.operation(name).fragment).data;
    return Object.values(data)[0];
  }

  /** The queries that Relay would ask the network for if they were rendered again. */
  stale(): string[] {
    const isStale = (name: string) => this.environment.check(this.operation(name)).status !== "available";
    return Object.keys(QUERIES).filter(isStale).sort();
  }

  run(name: string, options = {}): void {
    this.server.run(name);
    applyCascade(this.environment, step(name), options);
  }
}

const warned: string[] = [];

async function open(): Promise<Screen> {
  listen(warned);
  const screen = new Screen();
  await screen.show();
  return screen;
}

test("Relay: a row that changed is new in every query", async () => {
  const screen = await open();
  const asked: string[] = [];
  screen.run("updated", { onRefetch: (it: { queryName: string }) => asked.push(it.queryName) });
  assert.deepEqual(asked, ["albumsByLabel"]);
  const album = screen.now("albums")[0];
  assert.equal(album.title, "one more");
  assert.deepEqual([album.label.name, album.artists.map((it: any) => it.name)], ["Red", ["C"]]);
  assert.deepEqual(album.home, { street: "1 Main St", city: "Bruges" });
  assert.deepEqual(album.extras, [1]);
  assert.equal(screen.now("album").title, "one more");
  assert.equal(screen.now("blue")[0].title, "one more");
  assert.equal(screen.now("albums")[1].plays, "9007199254740993");
  // The list by the other label is empty and leads to no record: the root is stale, and with it all.
  assert.deepEqual(screen.stale(), Object.keys(QUERIES).sort());

  const other = await open();
  other.run("cleared");
  const cleared = other.now("albums")[0];
  assert.deepEqual([cleared.label, cleared.artists, cleared.home], [null, [], null]);
  assert.deepEqual(other.stale(), []);
});

test("Relay: what an invalidation means is stale, and stays on the screen", async () => {
  const screen = await open();
  screen.run("updated");
  for (const name of Object.keys(QUERIES)) await screen.fetch(name);
  assert.deepEqual(screen.stale(), []);
  // The list by the label leads to one album now: whoever shows it is stale.
  screen.run("updated");
  assert.deepEqual(screen.stale(), ["album", "albums", "red", "search"]);
  assert.equal(screen.now("red")[0].title, "one more");
  await screen.fetch("red");
  assert.deepEqual(screen.stale(), ["album", "albums", "search"]);
});

test("Relay: an object that no query has selected from is asked for again", async () => {
  const screen = await open();
  screen.environment.commitUpdate((store: any) => store.get(one).setValue("text", "extras"));
  applyCascade(screen.environment, step("created"));
  assert.ok(screen.stale().includes("albums"));
  await screen.fetch("albums");
  assert.deepEqual(screen.now("albums")[0].extras, { mixed: [1, "a", null, {}] });
});

test("Relay: a new row is a record, and the lists that an invalidation means are stale", async () => {
  const screen = await open();
  screen.run("third");
  const raw = screen.environment.getStore().getSource().get(idOf("third"));
  assert.equal(raw.title, "three");
  assert.deepEqual(raw.label, { __ref: blue });
  assert.ok(["albums", "blue", "red", "search"].every((it) => screen.stale().includes(it)));
  await screen.fetch("albums");
  assert.equal(screen.now("albums").length, 3);
});

test("Relay: a row that changed in unknown ways is stale", async () => {
  const screen = await open();
  screen.run("bare");
  assert.deepEqual(screen.stale(), ["album", "albums", "blue", "search"]);
});

test("Relay: scope ALL, and a truncated cascade, make everything stale", async () => {
  for (const name of ["all", "truncated"]) {
    const screen = await open();
    screen.run(name);
    assert.deepEqual(screen.stale(), Object.keys(QUERIES).sort());
  }
});

test("Relay: a deleted record is null in lists, and what is removed is missing", async () => {
  const screen = await open();
  screen.run("deleted");
  assert.deepEqual(screen.now("albums").map((it: any) => it?.title), [undefined, "two"]);
  assert.ok(screen.stale().includes("album"));
  const root = screen.environment.getStore().getSource().get("client:root");
  assert.equal(root[`album(id:"${one}")`], undefined);
  await screen.fetch("album");
  assert.equal(screen.now("album"), null);
});

test("Relay: nothing above made Relay complain", () => assert.deepEqual(warned, []));
