// Postman's runner: a token by HTTP Basic, the mutation, and the file. Prints the URLs it was given.
import { readFile } from "node:fs/promises";
import newman from "newman";
import { env } from "./given.mjs";

const collection = JSON.parse(await readFile(new URL("newman.json", import.meta.url)));
collection.item.at(-1).request.body.file.src = env.FILE; // it takes no variable there
const globals = ["TOKEN_URL", "GRAPHQL_URL", "CLIENT_ID", "CLIENT_SECRET"].map((key) => ({
  key,
  value: env[key],
}));
newman.run({ collection, globals: { values: globals }, insecureFileRead: true }, (error, done) => {
  const failures = done?.run.failures ?? [];
  if (error || failures.length) throw error ?? failures[0].error;
  const value = (key) => done.globals.values.get(key)?.value ?? done.globals.get?.(key);
  console.log(JSON.stringify({ downloadUrl: value("DOWNLOAD_URL") }));
});
