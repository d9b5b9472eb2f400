// WITH=persisted asks by hash first, as Apollo's persisted queries do.
import { createHash } from "node:crypto";
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { env, MUTATION, show } from "./given.mjs";

const http = new HttpLink({
  uri: env.GRAPHQL_URL,
  headers: { authorization: `Bearer ${env.TOKEN}` },
});
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const link = env.WITH === "persisted" ? new PersistedQueryLink({ sha256 }).concat(http) : http;
const client = new ApolloClient({ link, cache: new InMemoryCache() });
const { data } = await client.mutate({ mutation: gql(MUTATION) });
show(data);
