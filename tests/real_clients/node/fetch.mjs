import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { checked, env } from "./given.mjs";

const body = await openAsBlob(env.FILE);
await checked(fetch(env.UPLOAD_URL, { method: "PUT", body, headers: { "content-type": env.TYPE } }));
const back = await checked(fetch(env.DOWNLOAD_URL));
await writeFile(env.BACK, back.body);
