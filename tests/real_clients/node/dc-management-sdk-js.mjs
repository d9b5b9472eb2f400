// Amplience's own SDK: its way to a token.
import sdk from "dc-management-sdk-js";
import { env } from "./given.mjs";

const provider = new sdk.Oauth2AuthHeaderProvider(
  { client_id: env.CLIENT_ID, client_secret: env.CLIENT_SECRET },
  { authUrl: new URL(env.TOKEN_URL).origin },
  new sdk.AxiosHttpClient({}),
);
console.log((await provider.getToken()).access_token);
