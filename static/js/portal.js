// Small comforts; every page works without this file.
(() => {
  "use strict";

  // Menus close on Escape and on a click elsewhere.
  const menus = document.querySelectorAll("details.menu");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  // A link to be cited is copied; if that is not allowed, it is simply followed.
  for (const link of document.querySelectorAll("a[data-copy]")) {
    link.addEventListener("click", (event) => {
      if (!navigator.clipboard) return;
      event.preventDefault();
      navigator.clipboard.writeText(link.href).then(
        () => link.setAttribute("data-copy", "done"),
        () => location.assign(link.href),
      );
    });
  }

  // Tables too wide for the window scroll in their frame; those that fit are no tab stop.
  const measure = () => {
    for (const frame of document.querySelectorAll(".frame")) {
      const table = frame.querySelector("table");
      if (!table) continue;
      frame.classList.toggle("wide", table.offsetWidth > frame.clientWidth + 1);
      const scrolls = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
      if (scrolls) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    }
  };
  measure();
  addEventListener("resize", measure, { passive: true });

  // What a page opens only for those who want it may stand at another address, and is fetched from
  // there when it is opened; if that fails, the link to it stays.
  for (const link of document.querySelectorAll(".fold a[data-opens]")) {
    const fold = link.closest(".fold");
    const section = link.closest("section");
    const fetchTable = async () => {
      if (!fold.open || fold.dataset.asked) return;
      fold.dataset.asked = "yes";
      section.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(link.href);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = answer.ok && page.getElementById(section.id);
        if (found) {
          section.replaceChildren(...found.childNodes);
          // What its words mean comes along, where this page has not explained them yet.
          for (const note of page.querySelectorAll(".term-note")) {
            if (!document.getElementById(note.id)) document.getElementById("main").append(note);
          }
        } else delete fold.dataset.asked;
        measure();
      } catch {
        delete fold.dataset.asked;
      }
      section.removeAttribute("aria-busy");
    };
    fold.addEventListener("toggle", fetchTable);
    fetchTable();
  }

  // The list beside the text says where one is.
  const entries = new Map();
  for (const link of document.querySelectorAll(".on-page a")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) entries.set(section, link);
  }
  if (entries.size && "IntersectionObserver" in window) {
    const seen = new Set();
    const observer = new IntersectionObserver(
      (changes) => {
        for (const { target, isIntersecting } of changes) seen[isIntersecting ? "add" : "delete"](target);
        let current = null;
        for (const [section, link] of entries) {
          link.removeAttribute("aria-current");
          if (!current && seen.has(section)) current = link;
        }
        if (current) current.setAttribute("aria-current", "true");
      },
      { rootMargin: "-10% 0px -60% 0px" },
    );
    for (const section of entries.keys()) observer.observe(section);
  }

  // A passkey that did not work says so on the page, not in the console.
  document.addEventListener("allauth.error", (event) => {
    const failed = document.getElementById("key-failed");
    if (!failed) return;
    event.preventDefault();
    failed.hidden = false;
  });

  // After a failed form the list of errors is read first.
  document.getElementById("errors")?.focus();
})();
