// GraphiQL as it comes, on a schema that lies beside the page; whatever else it asks is answered empty.
// Its workers are files of their own, built from the entry points that its setup-workers/vite.js names:
// neither it nor Monaco has a set-up for esbuild that is shorter.

import "graphiql/style.css"
import { GraphiQL } from "graphiql"
import { createElement } from "react"
import { createRoot } from "react-dom/client"

const WORKERS = { json: "json.worker.js", graphql: "graphql.worker.js" }

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(WORKERS[label] ?? "editor.worker.js"),
}

async function fetcher({ operationName }) {
  if (operationName !== "IntrospectionQuery") return { data: {} }
  const schema = new URLSearchParams(location.search).get("schema")
  return await (await fetch(schema)).json()
}

createRoot(document.querySelector("main")).render(
  createElement(GraphiQL, {
    fetcher,
    initialQuery: " ",
    onSchemaChange: () => {
      document.body.dataset.schema = "there"
    },
  }),
)
