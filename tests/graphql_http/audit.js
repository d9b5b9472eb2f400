// Audits the server at the URL in TFW_AUDIT_URL with the token in TFW_AUDIT_TOKEN; prints JSON.

import { serverAudits } from "graphql-http";

const url = process.env.TFW_AUDIT_URL;
const authorization = `Bearer ${process.env.TFW_AUDIT_TOKEN}`;

function fetchFn(address, options = {}) {
  return fetch(address, { ...options, headers: { ...options.headers, authorization } });
}

const results = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
