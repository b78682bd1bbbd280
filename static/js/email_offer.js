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

// Long addresses would need a third line, for which there is no room.
const LONGEST = 12;
const shortened = (local) => (local.length > LONGEST ? `${local.slice(0, LONGEST - 1)}…` : local);

// The place keeps its room while it is empty, so that nothing moves away from under a finger when the offer comes or goes.
for (const place of document.querySelectorAll("[data-offer-for]")) {
  const input = document.getElementById(place.dataset.offerFor);
  const show = () => {
    const address = corrected(input.value);
    place.parentElement.classList.toggle("is-offered", Boolean(address));
    if (address === (place.firstChild?.value ?? null)) return;
    place.replaceChildren();
    if (!address) return;
    const [local, domain] = address.split("@");
    const offer = Object.assign(document.createElement("button"), { type: "button", className: "button-quiet", value: address });
    offer.textContent = place.dataset.text.replace("{address}", `${shortened(local)}@${domain}`);
    offer.addEventListener("click", () => {
      input.value = address;
      show();
      input.focus();
    });
    place.append(offer);
  };
  input.addEventListener("change", show);
  input.addEventListener("input", () => { if (place.firstChild) show(); });
  if (input.value) show(); // the page after sending has the same slip, where it can still be mended
  if (place.firstChild) place.closest("details")?.setAttribute("open", "");
}
