// The review sheet: print what is written, and ask before it is left unsaved.

const form = document.querySelector("[data-sheet]");
const print = document.querySelector("[data-print]");

print.hidden = false;
print.addEventListener("click", () => window.print());

// A printed text box shows only as many lines as it is high; its text is printed instead.
addEventListener("beforeprint", () => {
  for (const area of form.querySelectorAll("[data-printed]")) {
    document.getElementById(area.dataset.printed).textContent = area.value;
  }
});

let sent = false;
form.addEventListener("submit", () => (sent = true));

function changed() {
  return [...form.elements].some((field) =>
    field.type === "radio" ? field.checked !== field.defaultChecked : "defaultValue" in field && field.value !== field.defaultValue,
  );
}

addEventListener("beforeunload", (event) => {
  if (!sent && changed()) event.preventDefault();
});
