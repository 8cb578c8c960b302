"use strict";
// Everything can be read without this script: it finds, filters, and opens what an address or the printer asks for.
(() => {
  const form = document.getElementById("filter");
  const projects = [...document.querySelectorAll("details.project")];
  const has = (project, selector) => project.querySelector(selector) !== null;
  const words = new Map();
  const text = (project) => {
    if (!words.has(project)) words.set(project, project.textContent.toLowerCase());
    return words.get(project);
  };
  const wanted = (project) => {
    const { words: typed, severity, rule } = form.elements;
    const asked = typed.value.toLowerCase().split(/\s+/).filter(Boolean);
    const badge = severity.value === "any" ? "summary .badge:not(.good)" : `summary .badge.${severity.value}`;
    return (!severity.value || has(project, badge))
      && (!rule.value || has(project, `a[href="#rule-${CSS.escape(rule.value)}"]`))
      && asked.every((word) => text(project).includes(word));
  };
  const filter = () => {
    let seen = 0;
    for (const project of projects) {
      project.hidden = !wanted(project);
      seen += project.hidden ? 0 : 1;
    }
    for (const organisation of document.querySelectorAll(".organisation")) {
      organisation.hidden = !has(organisation, "details.project:not([hidden])");
    }
    form.querySelector("output").textContent = `${seen} 个项目`;
  };
  const open = () => {
    let element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const target = element;
    for (; element; element = element.parentElement) {
      element.hidden = false;
      if (element.localName === "details") element.open = true;
    }
    if (target) target.scrollIntoView();
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [name, is] of [["open", true], ["close", false]]) {
    form.elements[name].addEventListener("click", () => {
      for (const project of projects) if (!project.hidden) project.open = is;
    });
  }
  window.addEventListener("hashchange", open);
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
  form.hidden = projects.length < 2;
  filter();
  if (location.hash) open();
})();
