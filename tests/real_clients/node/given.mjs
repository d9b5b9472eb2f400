// What every client here is given, and what all that use fetch check.

export const env = process.env;
export const MUTATION = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }";

export async function checked(answer) {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}

// GraphQL clients print what the mutation gave.
export function show(data) {
  console.log(JSON.stringify(data.createTempFileUploadUrl));
}
