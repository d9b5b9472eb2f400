/**
 * Return what a component gives back to Streamlit: it removes the view once its element has left the
 * page.
 *
 * Streamlit also calls it for a call that newer data has overtaken, while the element, and in it the
 * view that the newer call goes on with, is on the page as before (seen with 1.67, when two changes of
 * data come within the time that the component's script takes to be imported).
 * @param {Node} parentElement
 * @param {() => void} remove
 */
export function whenGone(parentElement, remove) {
  return () => {
    if (!parentElement.isConnected) remove()
  }
}
