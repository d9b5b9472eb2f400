// The component's entry: what Streamlit calls on every rerun that brings new data.

import { AnswerView } from "./answer_view.js"
import { Playground } from "./playground.js"
import { whenGone } from "../../components/toolkit/when_gone.js"

const VIEWS = { answer: AnswerView, editor: Playground }
const mounted = new WeakMap()

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const view = mounted.get(parentElement) ?? new VIEWS[data.view](parentElement, data)
  mounted.set(parentElement, view)
  view.tell = {
    draft: (value) => setStateValue("draft", value),
    run: (value) => setTriggerValue("run", value),
    cancel: (value) => setTriggerValue("cancel", value),
  }
  view.update(data)
  return whenGone(parentElement, () => view.remove())
}
