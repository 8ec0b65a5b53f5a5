// While one writes in a search field, names are offered below it; without this the form is sent.
// A field with `data-fills` takes what is chosen as its value, any other leads to its page.
// The pattern is that of a combobox with a list: arrows move, Enter opens, Escape closes.
(() => {
  "use strict";

  const WAIT = 150;

  for (const field of document.querySelectorAll("input[data-suggestions]")) {
    const list = document.createElement("ul");
    list.id = `${field.id}-suggestions`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    const label = field.labels[0] ?? document.getElementById(field.getAttribute("aria-labelledby"));
    list.setAttribute("aria-label", label?.textContent.trim() ?? "");
    const anchor = document.createElement("div");
    anchor.className = "suggesting";
    field.before(anchor);
    anchor.append(field, list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");

    let asked = "";
    let waiting = 0;
    let current = -1;

    const choose = (index) => {
      const options = [...list.children];
      current = options.length ? (index + options.length) % options.length : -1;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === current)));
      if (current < 0) return field.removeAttribute("aria-activedescendant");
      field.setAttribute("aria-activedescendant", options[current].id);
      options[current].scrollIntoView({ block: "nearest" });
    };

    const show = (open) => {
      list.hidden = !open;
      field.setAttribute("aria-expanded", String(open));
      if (!open) {
        current = -1;
        field.removeAttribute("aria-activedescendant");
      }
    };

    const take = (chosen) => {
      if (!("fills" in field.dataset)) return location.assign(chosen.dataset.url);
      field.value = asked = chosen.dataset.value;
      show(false);
    };

    const option = ({ name, kind, facts, url, value }, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      if (value === undefined) item.dataset.url = url;
      else item.dataset.value = value;
      const title = document.createElement("b");
      title.textContent = name;
      const about = document.createElement("small");
      about.textContent = [kind, facts].filter(Boolean).join(": ");
      item.append(title, " ", about);
      return item;
    };

    const ask = async () => {
      const query = field.value.trim();
      if (query.length < 2) return show(false);
      if (query === asked) return show(list.children.length > 0);
      asked = query;
      const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(query)}`);
      if (!answer.ok || query !== asked) return;
      const { hits } = await answer.json();
      list.replaceChildren(...hits.map(option));
      current = -1;
      show(hits.length > 0 && document.activeElement === field);
    };

    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) return ask();
        event.preventDefault();
        choose(event.key === "ArrowDown" ? current + 1 : Math.max(current, 0) - 1);
      } else if (event.key === "Enter" && !list.hidden && current >= 0) {
        event.preventDefault();
        take(list.children[current]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      }
    });
    field.addEventListener("blur", () => show(false));
    // The field keeps the focus while one presses, so that the list is still there for the click.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const chosen = event.target.closest("[role=option]");
      if (chosen) take(chosen);
    });
  }
})();
