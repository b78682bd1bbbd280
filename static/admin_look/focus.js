// A click on the picture says what matters in it; the two numbers stay the truth, and work without this.
const picture = document.querySelector("img[data-focus]");
const [x, y] = ["x", "y"].map((axis) => document.querySelector(`[name="focus_${axis}"]`));

function percent(part, whole) {
  return Math.min(100, Math.max(0, Math.round((100 * part) / whole)));
}

if (picture && x && y) {
  picture.addEventListener("click", (event) => {
    x.value = percent(event.offsetX, picture.clientWidth);
    y.value = percent(event.offsetY, picture.clientHeight);
  });
}
