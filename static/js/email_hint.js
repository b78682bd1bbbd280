// "Did you mean anna@gmail.com?" for slips in well-known domains. Only a hint: it can be taken or ignored.
const DOMAINS = [
  "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com", "me.com", "aol.com",
  "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "posteo.de", "hotmail.fr", "orange.fr", "free.fr",
  "yahoo.co.uk", "hotmail.co.uk", "yahoo.co.jp", "libero.it", "naver.com", "daum.net", "comcast.net", "verizon.net", "att.net",
];
// Real ones that are one slip away from those.
const OTHERS = ["mail.com", "email.com", "ymail.com", "cloud.com", "hotmail.gr", "posteo.me"];

// Edits between two words, a swap of neighbours counting as one.
function distance(a, b) {
  const rows = [[...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i][j] = Math.min(
        rows[i - 1][j] + 1,
        rows[i][j - 1] + 1,
        rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]),
        swapped ? rows[i - 2][j - 2] + 1 : Infinity,
      );
    }
  }
  return rows[a.length][b.length];
}

// One slip in a short name, as me.com or gmx.de, makes the name of somebody else.
const isLong = (domain) => domain.indexOf(".") > 3;

function corrected(address) {
  const [local, domain] = address.trim().toLowerCase().split("@");
  if (!local || !domain || DOMAINS.includes(domain) || OTHERS.includes(domain)) return null;
  const near = DOMAINS.find((known) => isLong(known) && distance(domain, known) === 1);
  return near ? `${address.trim().split("@")[0]}@${near}` : null;
}

// Nothing moves between the press on a button and its click: a button that moves away gets no click, and the form is not
// sent. Leaving the field by pressing a button fires "change" in between, so what "change" shows waits until the press is over.
const AFTER_TOUCH = 400; // milliseconds in which a touch that has ended becomes a click
let pressed = false;
let timer;
const waiting = new Set();

for (const press of ["pointerdown", "touchstart", "mousedown"]) {
  addEventListener(press, () => { clearTimeout(timer); pressed = true; }, true);
}
for (const release of ["pointerup", "pointercancel", "touchend", "touchcancel", "mouseup"]) {
  addEventListener(release, () => { clearTimeout(timer); timer = setTimeout(released, AFTER_TOUCH); }, true);
}

function released() {
  pressed = false;
  for (const show of waiting) show();
  waiting.clear();
}

for (const place of document.querySelectorAll("[data-hint-for]")) {
  const input = document.getElementById(place.dataset.hintFor);
  const show = () => {
    const address = corrected(input.value);
    if (address === (place.firstChild?.value ?? null)) return;
    place.replaceChildren();
    if (!address) return;
    const offer = Object.assign(document.createElement("button"), { type: "button", className: "button-quiet", value: address });
    offer.textContent = place.dataset.text.replace("{address}", address);
    offer.addEventListener("click", () => {
      input.value = address;
      place.replaceChildren();
      input.focus();
    });
    place.append(offer);
  };
  input.addEventListener("change", () => { if (pressed) waiting.add(show); else show(); });
  input.addEventListener("input", () => { if (place.firstChild) show(); });
  if (input.value) show(); // the page after sending has the same slip, where it can still be mended
  if (place.firstChild) place.closest("details")?.setAttribute("open", "");
}
