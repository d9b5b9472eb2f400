import { readFile, writeFile } from "node:fs/promises";
import axios from "axios";
import { env } from "./given.mjs";

const headers = { "content-type": env.TYPE };
await axios.put(env.UPLOAD_URL, await readFile(env.FILE), { headers, maxBodyLength: Infinity });
const back = await axios.get(env.DOWNLOAD_URL, { responseType: "arraybuffer" });
await writeFile(env.BACK, back.data);
