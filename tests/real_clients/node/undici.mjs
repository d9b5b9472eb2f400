import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { request, stream } from "undici";
import { env } from "./given.mjs";

const put = await request(env.UPLOAD_URL, {
  method: "PUT",
  body: createReadStream(env.FILE),
  headers: { "content-type": env.TYPE, "content-length": (await stat(env.FILE)).size },
});
if (put.statusCode !== 200) throw new Error(await put.body.text());
await stream(env.DOWNLOAD_URL, { method: "GET" }, () => createWriteStream(env.BACK));
