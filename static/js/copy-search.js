// The search of a copy of the site, by the index that lies in it (Pagefind).
(async () => {
  "use strict";

  const AT_ONCE = 20;
  const found = document.getElementById("found");
  if (!found) return;
  const status = found.querySelector("[role=status]");
  const list = found.querySelector("ul");
  const away = document.getElementById("away").textContent.trim();
  const asked = (new URLSearchParams(location.search).get("q") ?? "").trim();
  document.getElementById("page-q").value = asked;
  if (location.protocol === "file:") {
    status.textContent = away;
    return;
  }
  if (!asked) return;

  const root = new URL("../../", document.querySelector("script[src*='copy-search']").src);
  let results;
  try {
    const pagefind = await import(new URL("pagefind/pagefind.js", root).href);
    await pagefind.options({ baseUrl: root.pathname });
    results = (await pagefind.search(asked)).results;
  } catch {
    status.textContent = away;
    return;
  }
  status.textContent = results.length ? `${found.dataset.count} ${results.length}` : found.dataset.none;

  // The index marks what matched, and escapes the rest.
  const entry = ({ url, meta, excerpt }) => {
    const item = document.createElement("li");
    const heading = document.createElement("h2");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = meta.title;
    heading.append(link);
    const text = document.createElement("p");
    text.innerHTML = excerpt;
    item.append(heading, text);
    return item;
  };

  let shown = 0;
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = found.dataset.more;
  const showMore = async () => {
    const next = results.slice(shown, shown + AT_ONCE);
    shown += next.length;
    for (const page of await Promise.all(next.map((result) => result.data()))) list.append(entry(page));
    more.hidden = shown >= results.length;
  };
  more.addEventListener("click", showMore);
  await showMore();
  list.after(more);
})();
