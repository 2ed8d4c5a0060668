// Apollo Client 3 and 4: the client, its cache and queries that are on the screen, over a real server.

import assert from "node:assert/strict";
import test from "node:test";
import * as four from "@apollo/client/core";
import three from "apollo-client-3/core/core.cjs";
import { print } from "graphql";
import { Observable } from "rxjs";
import { applyCascade } from "./emitted/music/client-apollo.ts";
import { applyCascade as applyBlog } from "./emitted/blog/client-apollo.ts";
import { QUERIES, SHOWN, Server, blue, idOf, listen, one, payloads, red, settled } from "./server.ts";

// Both are driven through what they have in common.
const versions: { [version: string]: any } = { "3": three, "4": four };

class Screen {
  server = new Server();
  lib: any;
  client: any;
  seen = new Map<string, any[]>();

  constructor(lib: any) {
    this.lib = lib;
    const link = new lib.ApolloLink((operation: any) => {
      const answer = this.server.answer(print(operation.query), operation.variables);
      const subscribe = (observer: any) => {
        answer.then((it) => (observer.next(it), observer.complete()), (it) => observer.error(it));
      };
      // Version 3 has an observable of its own.
      return lib === three ? new lib.Observable(subscribe) : new Observable(subscribe);
    });
    const cache = new lib.InMemoryCache({ possibleTypes: { Node: ["Album", "Artist", "Label"] } });
    this.client = new lib.ApolloClient({ link, cache });
  }

  async show(): Promise<void> {
    for (const [name, query, variables] of SHOWN) this.watch(name, query, variables);
    await settled(this.server);
    assert.equal(this.server.takeAsked().length, 7);
  }

  watch(name: string, query: string, variables = {}, fetchPolicy = "cache-first"): void {
    const list: any[] = [];
    this.seen.set(name, list);
    const observable = this.client.watchQuery({ query: this.lib.gql(query), variables, fetchPolicy });
    observable.subscribe((it: any) => {
      if (!it.loading && it.data !== undefined) list.push(Object.values(it.data)[0]);
    });
  }

  now(name: string): any {
    return this.seen.get(name)?.at(-1);
  }

  /** Runs an action as an application does, and says what was asked for because of it. */
  async run(step: string, options: { client?: any } = { client: this.client }): Promise<string[]> {
    await this.client.mutate({
      mutation: this.lib.gql(QUERIES.run),
      variables: { step },
      update: (cache: any, { data }: any) => applyCascade(cache, data.run.cascade, options),
    });
    await settled(this.server);
    return this.server.takeAsked();
  }
}

for (const [version, lib] of Object.entries(versions)) {
  const warned: string[] = [];
  const open = async () => {
    listen(warned);
    const screen = new Screen(lib);
    await screen.show();
    return screen;
  };

  test(`Apollo ${version}: a row that changed is new in every query, and nothing else is asked for`, async () => {
    const screen = await open();
    const asked = await screen.run("updated");
    assert.deepEqual(asked, [`albumsByLabel ${red}`]);
    const album = screen.now("albums")[0];
    assert.equal(album.title, "one more");
    assert.deepEqual([album.label.name, album.artists.map((it: any) => it.name)], ["Red", ["C"]]);
    assert.deepEqual([album.home.street, album.home.city], ["1 Main St", "Bruges"]);
    assert.deepEqual(album.extras, [1]);
    assert.equal(screen.now("album").home.city, "Bruges");
    assert.equal(screen.now("blue")[0].title, "one more");
    assert.deepEqual(screen.now("red").map((it: any) => it.title), ["one more"]);
    const raw = screen.client.cache.extract();
    assert.deepEqual(raw[`Album:${one}`].label, { __ref: `Label:${red}` });
    assert.equal(raw[`Album:${one}`].plays, "0");
    assert.equal(screen.now("albums")[1].plays, "9007199254740993");

    assert.deepEqual(await screen.run("cleared"), []);
    const cleared = screen.now("albums")[0];
    assert.deepEqual([cleared.label, cleared.artists, cleared.home], [null, [], null]);
    assert.equal(screen.now("album").label, null);
  });

  test(`Apollo ${version}: a new row comes with the lists that an invalidation means`, async () => {
    const screen = await open();
    const lists = [`albumsByLabel ${blue}`, `albumsByLabel ${red}`, "albums", "searchAlbums e"].sort();
    assert.deepEqual(await screen.run("third"), lists);
    assert.equal(screen.now("albums").length, 3);
    assert.deepEqual(screen.now("search").map((it: any) => it.title), ["Zoë's «one»", "three"]);
    assert.equal(screen.client.cache.extract()[`Album:${idOf("third")}`].title, "three");
  });

  test(`Apollo ${version}: without the client a query to be asked again is dropped`, async () => {
    const screen = await open();
    assert.deepEqual(await screen.run("updated", {}), [`albumsByLabel ${red}`]);
  });

  test(`Apollo ${version}: with the client a query that looks into the cache alone is asked for too`, async () => {
    for (const options of [{}, { client: true }]) {
      const screen = await open();
      const [query, variables] = [screen.lib.gql(QUERIES.search), { text: "hree" }];
      await screen.client.query({ query, variables });
      screen.watch("only", QUERIES.search, variables, "cache-only");
      await settled(screen.server);
      screen.server.takeAsked();
      const client = "client" in options ? { client: screen.client } : {};
      const asked = await screen.run("third", client);
      assert.equal(asked.includes("searchAlbums hree"), "client" in options);
      if ("client" in options) assert.equal(screen.now("only")[0].title, "three");
    }
  });

  test(`Apollo ${version}: of a row that changed in unknown ways nothing is believed, and it stays in lists`, async () => {
    const screen = await open();
    const asked = await screen.run("bare");
    assert.deepEqual(asked, [`albumsByLabel ${blue}`, `album ${one}`, "albums", "searchAlbums e"].sort());
    assert.equal(screen.now("albums")[0].plays, "1");
    assert.ok(screen.seen.get("albums")?.every((it) => it.length === 2));
  });

  test(`Apollo ${version}: scope ALL, and a truncated cascade, ask for all that is shown`, async () => {
    assert.equal((await (await open()).run("all")).length, 7);
    const screen = await open();
    assert.equal((await screen.run("truncated")).length, 7);
    assert.deepEqual(screen.now("artists").map((it: any) => it.name), ["Z", "Z", "Z"]);
    assert.deepEqual(screen.now("albums")[0].artists.map((it: any) => it.name), ["Z", "Z"]);
  });

  test(`Apollo ${version}: a deleted row leaves every list`, async () => {
    const screen = await open();
    assert.deepEqual(await screen.run("deleted"), [`album ${one}`]);
    assert.deepEqual(screen.now("albums").map((it: any) => it.title), ["two"]);
    assert.deepEqual(screen.now("blue"), []);
    assert.equal(screen.now("album"), null);
    assert.ok(!(`Album:${one}` in screen.client.cache.extract()));
  });

  test(`Apollo ${version}: nothing above made Apollo complain`, () => assert.deepEqual(warned, []));

  test(`Apollo ${version}: the post of the origin counts for its author`, () => {
    const { created, deleted, user } = payloads["blog"] as { [step: string]: any };
    const cache = new lib.InMemoryCache();
    const author = user.updated[0].entity;
    const post = created.updated[0].entity;
    const posts = lib.gql`query { posts { id title author { id name postCount } } userPosts(author: "x") { id } }`;
    const none = { posts: [{ __typename: "Post", id: "p", title: "old", author }], userPosts: [] };
    cache.writeQuery({ query: posts, data: none });
    applyBlog(cache, created);
    const raw = cache.extract();
    assert.equal(raw[`User:${author.id}`].postCount, 1);
    assert.deepEqual(raw[`Post:${post.id}`].author, { __ref: `User:${author.id}` });
    assert.deepEqual(Object.keys(raw.ROOT_QUERY).filter((it) => it !== "__typename"), ['userPosts({"author":"x"})']);
    applyBlog(cache, deleted);
    const after = cache.extract();
    assert.equal(after[`User:${author.id}`].postCount, 0);
    assert.ok(!(`Post:${post.id}` in after));
  });
}
