// The browser's own dialog to choose files.

/** Open the dialog; resolves to the files chosen, none when it was closed without a choice. */
export function chooseFiles({ several = false, folder = false } = {}) {
  const input = Object.assign(document.createElement("input"), {
    type: "file",
    multiple: several,
    webkitdirectory: folder,
    hidden: true,
  })
  document.body.append(input) // some browsers answer for attached inputs only
  return new Promise((resolve) => {
    const end = () => {
      input.remove()
      resolve([...input.files])
    }
    input.addEventListener("change", end)
    input.addEventListener("cancel", end)
    input.click()
  })
}
