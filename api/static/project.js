// Keys of the project page, and decisions that keep the place on it: the page is asked for anew, its body exchanged.

const main = document.querySelector("#main");
let current = null;

const findings = () => [...main.querySelectorAll("[data-finding]")];

function choose(finding) {
  if (!finding) return;
  main.querySelectorAll(".finding.current").forEach((one) => one.classList.remove("current"));
  finding.classList.add("current");
  current = finding.id;
  finding.focus({ preventScroll: true });
  bring(finding);
}

// Into the middle of the window, unless all of it is in sight.
function bring(what) {
  const { top, bottom, height } = what.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return;
  what.scrollIntoView({ block: height < innerHeight ? "center" : "start", behavior: "instant" });
}

function move(step) {
  const all = findings();
  const at = all.findIndex((one) => one.id === current);
  choose(at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[Math.min(Math.max(at + step, 0), all.length - 1)]);
}

function press(key) {
  const finding = document.getElementById(current);
  const control = finding?.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  if (control.tagName !== "DETAILS") return control.click();
  control.open = true;
  control.querySelector("textarea")?.focus();
}

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function help() {
  const panel = document.getElementById("keys");
  panel.open = !panel.open;
  if (panel.open) panel.querySelector("summary").focus();
}

const KEYS = { j: () => move(1), k: () => move(-1), "?": help };
for (const key of "adens") KEYS[key] = () => press(key);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) {
    const panel = event.target.closest("details");
    const finding = event.target.closest("[data-finding]");
    if (panel && finding) panel.open = false;
    finding ? choose(finding) : event.target.blur();
    return;
  }
  if (event.key === "Enter" && event.ctrlKey && event.target.matches("[data-decide] textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

main.addEventListener("focusin", (event) => {
  const finding = event.target.closest("[data-finding]");
  if (finding && finding.id !== current) {
    main.querySelectorAll(".finding.current").forEach((one) => one.classList.remove("current"));
    finding.classList.add("current");
    current = finding.id;
  }
});

// What was written in other forms of the page and not sent yet must not be lost with the exchange.
function unsent(except) {
  return [...main.querySelectorAll("textarea[id]")].filter((one) => one.form !== except && one.value !== one.defaultValue);
}

function exchange(text, except) {
  const kept = unsent(except).map((one) => [one.id, one.value]);
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#main");
  if (!fresh) return false;
  main.replaceChildren(...fresh.childNodes);
  for (const [id, value] of kept) {
    const field = document.getElementById(id);
    if (!field) continue;
    field.value = value;
    field.closest("details")?.setAttribute("open", "");
  }
  return true;
}

main.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-decide]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const decided = form.closest("[data-finding]").id;
  try {
    // form.action is the button of that name
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "text/html" } });
    const text = await answer.text();
    if (!answer.ok || !answer.url.includes("/p/") || !exchange(text, form)) return show(text);
    const here = document.getElementById(decided);
    const next = findings().slice(findings().indexOf(here)).find((one) => one.dataset.state === "open");
    choose(["accept", "dismiss"].includes(body.get("action")) ? (next ?? here) : here);
  } catch {
    form.removeAttribute("data-decide"); // the service is away: the browser says so itself
    form.requestSubmit(event.submitter);
  }
});

// An answer that is another page: an error, or the sign-in after a session that is over.
function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#main");
  if (!fresh) return location.reload();
  const words = document.createElement("div");
  words.className = "notice error";
  words.setAttribute("role", "alert");
  words.append(...fresh.childNodes);
  main.prepend(words);
  words.scrollIntoView({ block: "nearest" });
}

// The source, beneath the finding that it belongs to.
main.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-source]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const place = link.closest("[data-finding], form");
  const there = place.querySelector(".source-panel");
  if (there) return there.remove();
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-source-panel]");
    if (!found) return location.assign(link.href);
    found.className = "source-panel";
    found.tabIndex = 0;
    place.append(found);
    await found.querySelector("img")?.decode().catch(() => {}); // its height is not known before
    bring(found);
    const mark = found.querySelector("mark, .here");
    const text = mark?.closest(".source-text");
    if (text) text.scrollTop = mark.offsetTop - text.offsetTop - text.clientHeight / 3;
  } catch {
    location.assign(link.href);
  }
});

const there = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (there?.matches("[data-finding]")) choose(there);
else if (there?.matches("#changed")) there.focus();
