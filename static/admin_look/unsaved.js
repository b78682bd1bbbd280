// Whoever leaves a form that holds the mark `data-unsaved` before what they typed is saved is asked first.
const mark = document.querySelector("[data-unsaved]")
const form = mark?.closest("form")
let isTyped = mark?.dataset.unsaved === "typed"

form?.addEventListener("input", () => { isTyped = true })
form?.addEventListener("submit", () => { isTyped = false })
window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault() })
