// urql with Graphcache 9: queries on the screen, over a real server.

import assert from "node:assert/strict";
import test from "node:test";
import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { applyCascade } from "./emitted/music/client-urql.ts";
import { QUERIES, SHOWN, Server, blue, listen, one, red, settled } from "./server.ts";

class Screen {
  server = new Server();
  seen = new Map<string, any[]>();
  client = new Client({
    url: "http://localhost/graphql",
    preferGetMethod: false,
    fetch: async (_url, init) => {
      const { query, variables } = JSON.parse(String(init?.body));
      const body = JSON.stringify(await this.server.answer(query, variables));
      return new Response(body, { headers: { "content-type": "application/json" } });
    },
    exchanges: [
      cacheExchange({
        keys: { SimpleAddress: () => null, Outcome: () => null },
        updates: {
          Mutation: {
            run: (result, _args, cache) => applyCascade(cache, (result["run"] as any).cascade),
          },
        },
      }),
      fetchExchange,
    ],
  });

  async show(): Promise<void> {
    for (const [name, query, variables] of SHOWN) this.watch(name, query, variables);
    await settled(this.server);
    assert.equal(this.server.takeAsked().length, 7);
  }

  private watch(name: string, query: string, variables = {}): void {
    const list: any[] = [];
    this.seen.set(name, list);
    this.client.query(query, variables).subscribe((it) => {
      if (it.data !== undefined && it.data !== null && !it.stale) list.push(Object.values(it.data)[0]);
    });
  }

  now(name: string): any {
    return this.seen.get(name)?.at(-1);
  }

  async run(step: string): Promise<string[]> {
    const result = await this.client.mutation(QUERIES.run, { step }).toPromise();
    assert.equal(result.error, undefined);
    await settled(this.server);
    return this.server.takeAsked();
  }
}

const warned: string[] = [];

async function open(): Promise<Screen> {
  listen(warned);
  const screen = new Screen();
  await screen.show();
  return screen;
}

test("urql: a row that changed is new in every query, and nothing else is asked for", async () => {
  const screen = await open();
  assert.deepEqual(await screen.run("updated"), [`albumsByLabel ${red}`]);
  const album = screen.now("albums")[0];
  assert.equal(album.title, "one more");
  assert.deepEqual([album.label.name, album.artists.map((it: any) => it.name)], ["Red", ["C"]]);
  assert.deepEqual([album.home.street, album.home.city], ["1 Main St", "Bruges"]);
  assert.deepEqual(album.extras, [1]);
  assert.equal(screen.now("album").home.city, "Bruges");
  assert.equal(screen.now("blue")[0].title, "one more");
  assert.deepEqual(screen.now("red").map((it: any) => it.title), ["one more"]);
  assert.equal(screen.now("albums")[1].plays, "9007199254740993");

  assert.deepEqual(await screen.run("cleared"), []);
  const cleared = screen.now("albums")[0];
  assert.deepEqual([cleared.label, cleared.artists, cleared.home], [null, [], null]);
  assert.equal(screen.now("album").label, null);
});

test("urql: a new row comes with the lists that an invalidation means", async () => {
  const screen = await open();
  const lists = [`albumsByLabel ${blue}`, `albumsByLabel ${red}`, "albums", "searchAlbums e"].sort();
  assert.deepEqual(await screen.run("third"), lists);
  assert.equal(screen.now("albums").length, 3);
  assert.deepEqual(screen.now("search").map((it: any) => it.title), ["Zoë's «one»", "three"]);
});

test("urql: a row that changed in unknown ways is asked for", async () => {
  const screen = await open();
  const asked = await screen.run("bare");
  assert.deepEqual(asked, [`albumsByLabel ${blue}`, `album ${one}`, "albums", "searchAlbums e"].sort());
  assert.equal(screen.now("albums")[0].plays, "1");
});

test("urql: scope ALL, and a truncated cascade, ask for all that is shown", async () => {
  assert.equal((await (await open()).run("all")).length, 7);
  const screen = await open();
  assert.equal((await screen.run("truncated")).length, 7);
  assert.deepEqual(screen.now("artists").map((it: any) => it.name), ["Z", "Z", "Z"]);
  assert.deepEqual(screen.now("albums")[0].artists.map((it: any) => it.name), ["Z", "Z"]);
});

test("urql: a deleted row leaves every list", async () => {
  const screen = await open();
  const asked = await screen.run("deleted");
  assert.deepEqual(asked, [`albumsByLabel ${blue}`, `album ${one}`, "albums", "searchAlbums e"].sort());
  assert.deepEqual(screen.now("albums").map((it: any) => it.title), ["two"]);
  assert.deepEqual(screen.now("blue"), []);
  assert.equal(screen.now("album"), null);
});

test("urql: nothing above made Graphcache complain", () => assert.deepEqual(warned, []));
