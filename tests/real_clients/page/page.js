// A shop's page elsewhere: it gets a token, asks for URLs and lets Uppy send a file in parts.
// Bundled and opened by test_page.py.

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { inParts } from "./in_parts.js";

async function token(app, id, secret) {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: id,
    client_secret: secret,
  });
  const answer = await fetch(`${app}/oauth/token`, { method: "POST", body: form });
  return (await answer.json()).access_token;
}

async function ask(app, bearer, query, variables) {
  const answer = await fetch(`${app}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()).data;
}

const MULTIPART = `mutation ($size: Float!) {
  createTempFileMultipartUploadUrl(input: { fileSize: $size }) {
    minPartSize uploadPartUrls completeUrl downloadUrl
  }
}`;

// Returns where the file is; throws what Uppy says when it is not.
window.uploadInParts = async ({ app, id, secret, size }) => {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  const bearer = await token(app, id, secret);
  const data = await ask(app, bearer, MULTIPART, { size });
  const urls = data.createTempFileMultipartUploadUrl;
  const partSize = Math.max(urls.minPartSize, Math.ceil(size / urls.uploadPartUrls.length));

  const uppy = new Uppy().use(AwsS3, { ...inParts({ ...urls, partSize }), limit: 3 });
  uppy.addFile({ name: "film.bin", type: "video/mp4", data: new Blob([bytes]) });
  const { failed } = await uppy.upload();
  if (failed.length) throw new Error(String(failed[0].error));

  const back = await (await fetch(urls.downloadUrl)).arrayBuffer();
  return {
    parts: urls.uploadPartUrls.length,
    sent: await digest(bytes),
    received: await digest(back),
    downloadUrl: urls.downloadUrl,
  };
};

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
