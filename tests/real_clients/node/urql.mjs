import { Client, fetchExchange } from "@urql/core";
import { env, MUTATION, show } from "./given.mjs";

const client = new Client({
  url: env.GRAPHQL_URL,
  exchanges: [fetchExchange],
  fetchOptions: { headers: { authorization: `Bearer ${env.TOKEN}` } },
});
const { data, error } = await client.mutation(MUTATION, {}).toPromise();
if (error) throw error;
show(data);
