// Files and folders dropped on the form; what was chosen is listed, and what is too large is said before it is sent.

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector("[data-drop]");
const chosen = form.querySelector("[data-chosen]");
const SHOWN = 20;

form.querySelector("[data-script]").hidden = false;

function megabytes(bytes) {
  return `${(bytes / 1048576).toFixed(1)} MB`;
}

function problem(files) {
  const { mostFiles, mostBytes, mostEach } = form.dataset;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const large = files.find((file) => file.size > Number(mostEach) && !file.name.toLowerCase().endsWith(".zip"));
  if (files.length > Number(mostFiles)) return `一批最多 ${mostFiles} 个文件，现有 ${files.length} 个。`;
  if (large) return `“${large.name}”超过 ${megabytes(Number(mostEach))}。`;
  if (total > Number(mostBytes)) return `文件合计 ${megabytes(total)}，超过 ${megabytes(Number(mostBytes))}，请分批上传。`;
  return "";
}

function show() {
  const files = [...input.files];
  const wrong = problem(files);
  input.setCustomValidity(wrong);
  chosen.replaceChildren();
  if (!files.length) return;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const words = document.createElement("p");
  words.textContent = wrong || `已选 ${files.length} 个文件，共 ${megabytes(total)}`;
  words.className = wrong ? "notice error" : "";
  const list = document.createElement("ul");
  list.append(...files.slice(0, SHOWN).map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
  if (files.length > SHOWN) list.append(Object.assign(document.createElement("li"), { textContent: "……" }));
  chosen.append(words, list);
}

// A folder gives its entries in portions; an empty portion is the end.
async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((found, failed) => entry.file(found, failed))];
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const entries = await new Promise((found, failed) => reader.readEntries(found, failed));
    if (!entries.length) return files;
    for (const each of entries) if (!each.name.startsWith(".")) files.push(...(await filesIn(each)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

input.addEventListener("change", show);

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("over");
});
document.addEventListener("drop", async (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  drop.classList.remove("over");
  const all = new DataTransfer();
  for (const file of input.files) all.items.add(file);
  for (const file of await dropped(event.dataTransfer)) all.items.add(file);
  input.files = all.files;
  show();
});

form.addEventListener("submit", () => {
  const button = form.querySelector("button[type=submit]");
  button.textContent = "正在上传……";
  button.disabled = true;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
