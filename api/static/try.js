// Reads the value while it is written.

const form = document.querySelector("[data-try]");
const result = document.querySelector("[data-result]");
const wrong = document.querySelector("[data-wrong]");
const PAUSE = 200;
let timer;
let asked;

function show({ explained: [words], values: [value] }) {
  const set = (name, text) => (result.querySelector(`[data-${name}]`).textContent = text);
  set("said", words.said);
  set("kind", words.kind);
  set("base", words.base || "—");
  set("notes", words.notes.join("、") || "—");
  set("value", JSON.stringify(value, null, 2));
  result.hidden = false;
}

async function read() {
  const { text, unit, name, year } = Object.fromEntries(new FormData(form));
  asked?.abort();
  wrong.hidden = true;
  result.hidden = text === "" || result.hidden;
  if (text === "" || !form.checkValidity()) return;
  asked = new AbortController();
  try {
    const answer = await fetch("/v1/values", {
      method: "POST",
      signal: asked.signal,
      headers: { "content-type": "application/json", "x-csrf-token": form.dataset.csrf },
      body: JSON.stringify({
        values: [{ text, unit: unit || null, name: name || null }],
        year: year ? Number(year) : null,
        explain: true,
      }),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    show(body);
  } catch (error) {
    if (error.name === "AbortError") return;
    wrong.textContent = error instanceof TypeError ? "服务没有回答，请稍后再试。" : error.message;
    wrong.hidden = false;
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(read, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  read();
});
