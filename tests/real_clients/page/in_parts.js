// What Uppy's AWS S3 uploader is to be told so that a file goes to the URLs of one upload.

export function inParts({ partSize, uploadPartUrls, completeUrl, downloadUrl }) {
  return {
    shouldUseMultipart: true,
    getChunkSize: () => partSize,
    createMultipartUpload: () => ({ uploadId: "made-by-the-mutation", key: "film.bin" }),
    signPart: (_file, { partNumber }) => ({ url: uploadPartUrls[partNumber - 1] }),
    listParts: () => [],
    abortMultipartUpload: () => {},
    completeMultipartUpload: async (_file, { parts }) => {
      await complete(completeUrl, parts);
      return { location: downloadUrl };
    },
  };
}

async function complete(url, parts) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/xml" },
    body: partsXml(parts),
  });
  const text = await answer.text();
  if (!answer.ok || text.includes("<Error>")) throw new Error(`complete: ${answer.status} ${text}`);
}

function partsXml(parts) {
  const listed = parts.map(
    ({ PartNumber, ETag }) =>
      `<Part><PartNumber>${PartNumber}</PartNumber><ETag>${ETag}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join("")}</CompleteMultipartUpload>`;
}
