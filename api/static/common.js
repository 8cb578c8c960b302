// What every page does with script: ask before what cannot be undone; send a filter as soon as it is chosen.

document.addEventListener("submit", (event) => {
  const question = (event.submitter ?? event.target).dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("select") && event.target.form?.matches("[data-submit-on-change]")) {
    event.target.form.requestSubmit();
  }
});
