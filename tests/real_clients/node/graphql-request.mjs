import { GraphQLClient } from "graphql-request";
import { env, MUTATION, show } from "./given.mjs";

const headers = { authorization: `Bearer ${env.TOKEN}` };
show(await new GraphQLClient(env.GRAPHQL_URL, { headers }).request(MUTATION));
