// The caches are what the emitted functions ask for, by the types of both.

import type { ApolloCache, ApolloClient } from "@apollo/client";
import type { InMemoryCache as InMemoryCache3, ApolloClient as ApolloClient3 } from "apollo-client-3";
import type { InMemoryCache } from "@apollo/client/cache";
import type { QueryClient } from "@tanstack/query-core";
import type { Cache } from "@urql/exchange-graphcache";
import type { Environment, IEnvironment } from "relay-runtime";
import * as apollo from "./emitted/blog/client-apollo.ts";
import * as relay from "./emitted/blog/client-relay.ts";
import * as tanstack from "./emitted/blog/client-tanstack.ts";
import * as urql from "./emitted/blog/client-urql.ts";
import type { Actions, Cascade, CreatePostAnswer, Entities, Post } from "./emitted/blog/client.ts";

declare const cascade: Cascade;
declare const answer: Actions["blog.create_post"] & CreatePostAnswer;

export function all(
  cache: ApolloCache, memory: InMemoryCache, client: ApolloClient,
  memory3: InMemoryCache3, client3: ApolloClient3<unknown>,
  query: QueryClient, graphcache: Cache, environment: Environment, other: IEnvironment,
) {
  apollo.applyCascade(cache, cascade, { client });
  apollo.applyCascade(memory, answer.extra_metadata?._cascade);
  apollo.applyCascade(memory3, cascade, { client: client3 });
  urql.applyCascade(graphcache, cascade);
  relay.applyCascade(environment, cascade);
  relay.applyCascade(other, cascade);
  void tanstack.applyCascade(query, cascade);
}

/** What a reader of the types gets. */
export function read(post: Post, any: Entities["Post"]): string {
  const status: "draft" | "published" | "archived" = post.status;
  const author: string | undefined = answer.object_data?.author.name;
  for (const it of answer.extra_metadata?._cascade?.updated ?? []) {
    if (it.__typename === "User") return it.entity.role;
    const operation: "CREATED" = it.operation;
    return it.entity.author.__typename + operation;
  }
  // @ts-expect-error a reference has no more than its type and id
  post.author.name;
  // @ts-expect-error a slug is a text
  const slug: number = any.slug;
  return [status, author, slug].join();
}
