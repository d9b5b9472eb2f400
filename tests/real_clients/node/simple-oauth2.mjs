// Its default is HTTP Basic; WITH=body sends id and secret in the form.
import { ClientCredentials } from "simple-oauth2";
import { env } from "./given.mjs";

const { origin, pathname } = new URL(env.TOKEN_URL);
const client = new ClientCredentials({
  client: { id: env.CLIENT_ID, secret: env.CLIENT_SECRET },
  auth: { tokenHost: origin, tokenPath: pathname },
  options: { authorizationMethod: env.WITH ?? "header" },
});
console.log((await client.getToken({})).token.access_token);
