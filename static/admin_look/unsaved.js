// Whoever leaves while something typed in a form marked `data-unsaved` is not saved is asked first.
const form = document.querySelector("form[data-unsaved]")
let isTyped = form?.dataset.unsaved === "typed"

form?.addEventListener("input", () => { isTyped = true })
form?.addEventListener("submit", () => { isTyped = false })
window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault() })
