import { readFile, writeFile } from "node:fs/promises";
import got from "got";
import { env } from "./given.mjs";

await got.put(env.UPLOAD_URL, {
  body: await readFile(env.FILE),
  headers: { "content-type": env.TYPE },
});
await writeFile(env.BACK, await got(env.DOWNLOAD_URL).buffer());
