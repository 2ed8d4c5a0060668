// TanStack Query 5: queries on the screen and off it, over a real server.

import assert from "node:assert/strict";
import test from "node:test";
import { QueryClient, QueryObserver } from "@tanstack/query-core";
import { applyCascade } from "./emitted/music/client-tanstack.ts";
import { QUERIES, Server, blue, idOf, one, red, settled, step } from "./server.ts";

class Screen {
  server = new Server();
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });

  async show(): Promise<void> {
    const { albums, album, byLabel, search, artists, labels } = QUERIES;
    this.watch(["albums"], albums);
    this.watch(["album", { id: one }], album);
    this.watch(["albumsByLabel", { label: blue }], byLabel);
    this.watch(["searchAlbums", { text: "e" }], search);
    this.watch(["artists"], artists);
    this.watch(["labels"], labels);
    // Off the screen.
    await this.client.fetchQuery({
      queryKey: ["albumsByLabel", { label: red }],
      queryFn: () => this.ask(byLabel, { label: red }),
    });
    await settled(this.server);
    assert.equal(this.server.takeAsked().length, 7);
  }

  private async ask(query: string, variables: object): Promise<unknown> {
    const { data } = await this.server.answer(query, variables as { [name: string]: unknown });
    return Object.values(data)[0];
  }

  private watch(queryKey: [string] | [string, object], query: string): void {
    const queryFn = () => this.ask(query, queryKey[1] ?? {});
    new QueryObserver(this.client, { queryKey, queryFn }).subscribe(() => {});
  }

  now(...queryKey: unknown[]): any {
    return this.client.getQueryData(queryKey);
  }

  isStale(...queryKey: unknown[]): boolean | undefined {
    return this.client.getQueryState(queryKey)?.isInvalidated;
  }

  async run(name: string): Promise<string[]> {
    this.server.run(name);
    await applyCascade(this.client, step(name));
    return this.server.takeAsked();
  }
}

async function open(): Promise<Screen> {
  const screen = new Screen();
  await screen.show();
  return screen;
}

test("TanStack: copies of a row get its values, and what they cannot know is asked for", async () => {
  const screen = await open();
  // Queries that show the name of the label, which no reference tells, and the list that is to be asked for.
  const asked = [`albumsByLabel ${red}`, `album ${one}`, "albums"].sort();
  assert.deepEqual(await screen.run("updated"), asked);
  assert.equal(screen.now("albumsByLabel", { label: blue })[0].title, "one more");
  assert.equal(screen.now("searchAlbums", { text: "e" })[0].title, "one more");
  assert.deepEqual(screen.now("albumsByLabel", { label: red }).map((it: any) => it.title), ["one more"]);
  assert.equal(screen.now("albums")[0].label.name, "Red");
  assert.equal(screen.now("album", { id: one }).home.city, "Bruges");
  assert.equal(screen.now("Album", one).mood, "calm");
  // A copy keeps the fields that it has, and no more.
  assert.deepEqual(Object.keys(screen.now("albumsByLabel", { label: blue })[0]), ["__typename", "id", "title"]);

  assert.deepEqual(await screen.run("cleared"), []);
  assert.equal(screen.now("albums")[0].label, null);
  assert.deepEqual(screen.now("albums")[0].artists, []);
  assert.equal(screen.now("Album", one).home, null);
});

test("TanStack: a new row comes with the lists that an invalidation means", async () => {
  const screen = await open();
  // The list of the other label is off the screen: stale, and not asked for.
  assert.deepEqual(await screen.run("third"), [`albumsByLabel ${blue}`, "albums", "searchAlbums e"].sort());
  assert.equal(screen.isStale("albumsByLabel", { label: red }), true);
  assert.equal(screen.isStale("labels"), false);
  assert.equal(screen.now("albums").length, 3);
  assert.equal(screen.now("Album", idOf("third")).title, "three");
});

test("TanStack: what was stale stays stale when a copy in it is written", async () => {
  const screen = await open();
  await screen.client.invalidateQueries({ queryKey: ["searchAlbums"], refetchType: "none" });
  const before = screen.client.getQueryState(["searchAlbums", { text: "e" }])?.dataUpdatedAt;
  await screen.run("updated");
  assert.equal(screen.isStale("searchAlbums", { text: "e" }), true);
  assert.equal(screen.client.getQueryState(["searchAlbums", { text: "e" }])?.dataUpdatedAt, before);
  assert.equal(screen.now("searchAlbums", { text: "e" })[0].title, "one more");
});

test("TanStack: a row that changed in unknown ways is asked for", async () => {
  const screen = await open();
  const asked = await screen.run("bare");
  assert.deepEqual(asked, [`albumsByLabel ${blue}`, `album ${one}`, "albums", "searchAlbums e"].sort());
  assert.equal(screen.now("albums")[0].plays, "1");
});

test("TanStack: scope ALL, and a truncated cascade, make everything stale", async () => {
  for (const name of ["all", "truncated"]) {
    const screen = await open();
    assert.equal((await screen.run(name)).length, 6);
    assert.equal(screen.isStale("albumsByLabel", { label: red }), true);
  }
});

test("TanStack: a deleted row leaves its key and every list", async () => {
  const screen = await open();
  await screen.run("updated");
  assert.notEqual(screen.now("Album", one), undefined);
  await screen.run("deleted");
  assert.deepEqual(screen.now("albums").map((it: any) => it.title), ["two"]);
  assert.deepEqual(screen.now("albumsByLabel", { label: blue }), []);
  assert.equal(screen.now("Album", one), undefined);
  // Removed, as the invalidation says.
  assert.equal(screen.client.getQueryState(["album", { id: one }]), undefined);
});

test("TanStack: keys of an application's own", async () => {
  const client = new QueryClient();
  client.setQueryData(["gql", "AlbumsPage", { label: red }], { page: { items: [{ id: one, title: "old" }] } });
  client.setQueryData(["gql", "Other"], 1);
  await applyCascade(client, step("updated"), {
    queryOf: ([, name, args]) => ({ name: name === "AlbumsPage" ? "albumsByLabel" : String(name), arguments: args }),
    keyOf: (it) => ["row", it.__typename, it.id],
  });
  const page: any = client.getQueryData(["gql", "AlbumsPage", { label: red }]);
  assert.deepEqual(page, { page: { items: [{ id: one, title: "one more" }] } });
  assert.equal(client.getQueryState(["gql", "AlbumsPage", { label: red }])?.isInvalidated, true);
  assert.equal(client.getQueryState(["gql", "Other"])?.isInvalidated, false);
  assert.equal((client.getQueryData(["row", "Album", one]) as any).title, "one more");
});

test("TanStack: a query that is meant twice is asked for once", async () => {
  const client = new QueryClient();
  const queryKey = ["albumsByLabel", { label: red }];
  let asked = 0;
  client.setQueryData(queryKey, [{ id: one, label: { __typename: "Label", id: blue, name: "Blue" } }]);
  const queryFn = () => ((asked += 1), []);
  new QueryObserver(client, { queryKey, queryFn, staleTime: Infinity }).subscribe(() => {});
  await applyCascade(client, step("updated"));
  assert.equal(asked, 1);
  // Of an object every member is one of its own.
  client.setQueryData(["x"], [{ id: one, constructor: "kept" }]);
  await applyCascade(client, step("updated"));
  assert.deepEqual(client.getQueryData(["x"]), [{ id: one, constructor: "kept" }]);
});
