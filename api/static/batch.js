// Asks how far the batch is, and shows the page anew when it is over.

const place = document.querySelector("[data-progress]");
const bar = place.querySelector("progress");
const words = place.querySelector(".progress-words");
const PAUSE = 1500;

async function ask() {
  try {
    const answer = await fetch(place.dataset.progress, { headers: { accept: "application/json" } });
    if (answer.redirected || answer.status === 404) return location.reload();
    const { state, done, total } = await answer.json();
    bar.max = Math.max(total, 1);
    bar.value = done;
    words.textContent = `${done}/${total}`;
    if (state !== "queued" && state !== "running") return location.reload();
  } catch {
    // The service may be away for a moment; the next question tells.
  }
  setTimeout(ask, PAUSE);
}

setTimeout(ask, PAUSE / 3);
