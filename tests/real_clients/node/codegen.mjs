// Types of the mutation, from the schema that the endpoint answers. Prints nothing: BACK has them.
import { generate } from "@graphql-codegen/cli";
import { env, MUTATION } from "./given.mjs";

await generate({
  schema: { [env.GRAPHQL_URL]: { headers: { authorization: `Bearer ${env.TOKEN}` } } },
  documents: MUTATION.replace("mutation", "mutation Upload"),
  generates: { [env.BACK]: { plugins: ["typescript", "typescript-operations"] } },
  silent: true,
});
