// Texts are written in the direction of their language: as the field says, or else as what is in it.
const WRITTEN = "#content-main :is(textarea, .vTextField):not([dir])"

const follow = () => document.querySelectorAll(WRITTEN).forEach((field) => { field.dir = "auto" })

document.addEventListener("prose-editor:ready", ({ detail: { textarea, editor } }) => {
  editor.view.dom.dir = textarea.dir || "auto"
  if (textarea.lang) editor.view.dom.lang = textarea.lang
})
document.addEventListener("formset:added", follow)
follow()
