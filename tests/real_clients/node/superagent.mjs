import { readFile, writeFile } from "node:fs/promises";
import superagent from "superagent";
import { env } from "./given.mjs";

await superagent.put(env.UPLOAD_URL).type(env.TYPE).send(await readFile(env.FILE));
const back = await superagent.get(env.DOWNLOAD_URL).buffer(true).parse(superagent.parse.image);
await writeFile(env.BACK, back.body);
