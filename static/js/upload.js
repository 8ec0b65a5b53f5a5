// Sends files in parts, each tried again by itself until it arrives; several files, one by one.
// Without script the form sends them whole.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  const list = document.querySelector(".sending");
  const told = document.getElementById("told");
  if (!form || !list) return;
  const input = form.querySelector("[type=file]");
  const words = form.dataset;
  const token = form.elements.csrfmiddlewaretoken.value;
  const queue = [];
  let busy = 0;
  let received = 0;
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

  class Refused extends Error {}

  // A broken line, a restarted server and a full disk pass; a refusal does not.
  const send = async (url, options, line) => {
    for (let wait = 500; ; wait = Math.min(wait * 2, 15000)) {
      try {
        const answer = await fetch(url, {
          ...options,
          signal: AbortSignal.timeout(300000),
          headers: { "X-CSRFToken": token, accept: "application/json", ...options.headers },
        });
        if (answer.redirected) throw new Refused(words.failed);
        if (answer.status === 202) { await sleep(1500); continue; }
        if (answer.status < 500) {
          const said = await answer.json();
          if (!answer.ok || said.error) throw new Refused(said.error);
          return said;
        }
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      line.say(words.again);
      await sleep(wait);
    }
  };

  const lineOf = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const state = document.createElement("span");
    const bar = document.createElement("progress");
    name.textContent = file.name;
    name.dir = "auto";
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, " – ", state, bar);
    list.hidden = false;
    list.append(item);
    const show = (text) => { state.textContent = text; };
    // How far it is, at each part, would be read aloud over everything else: only turns are told.
    const tell = (text) => { told.textContent = `${file.name} – ${text}`; };
    return {
      show,
      say: (text) => {
        if (state.textContent === text) return;
        show(text);
        tell(text);
      },
      at: (bytes) => {
        bar.value = bytes;
        show(`${words.sending} ${Math.floor((100 * bytes) / bar.max)} %`);
      },
      done: (said) => {
        const link = document.createElement("a");
        link.href = said.url;
        link.textContent = words.done;
        state.replaceChildren(link);
        tell(words.done);
        bar.remove();
      },
      failed: (text) => {
        show(text);
        tell(text);
        state.className = "failed";
        bar.remove();
      },
    };
  };

  // Of a file that goes on, the line of what had arrived before is this one's now.
  const forget = (name) => {
    for (const item of document.querySelectorAll("#arriving li"))
      if (item.querySelector("a").textContent === name) item.remove();
  };

  // Several that came in are completed together.
  const offerAll = () => {
    if (received < 2) return;
    list.querySelector(".all")?.parentElement.remove();
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = words.all;
    link.textContent = words.allWords;
    link.className = "all";
    item.append(link);
    list.append(item);
    told.textContent = words.allWords;
  };

  const upload = async (file, line) => {
    const begun = await send(words.upload, {
      method: "POST",
      body: JSON.stringify({
        kind: words.kind, key: words.key, name: file.name, size: file.size,
        modified: String(file.lastModified),
      }),
    }, line);
    const size = begun.part_size;
    const there = new Set(begun.received);
    forget(file.name);
    line.say(words.sending);
    const count = Math.max(1, Math.ceil(file.size / size));
    for (let number = 0; number < count; number++) {
      line.at(Math.min(file.size, number * size));
      if (!there.has(number)) {
        const body = file.slice(number * size, (number + 1) * size);
        await send(begun.parts.replace(/0\/$/, `${number}/`), {
          method: "PUT", body, headers: { "Content-Type": "application/octet-stream" },
        }, line);
      }
      line.at(Math.min(file.size, (number + 1) * size));
    }
    line.show(words.checking);
    line.done(await send(begun.finish, { method: "POST" }, line));
  };

  const work = async () => {
    if (busy) return;
    busy = 1;
    while (queue.length) {
      const [file, line] = queue.shift();
      try {
        await upload(file, line);
        received += 1;
      } catch (error) {
        line.failed(error instanceof Refused ? error.message : words.failed);
      }
    }
    busy = 0;
    offerAll();
  };

  const take = (files) => {
    for (const file of files) {
      const line = lineOf(file);
      line.show(words.waiting);
      queue.push([file, line]);
    }
    work();
  };

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    take([...input.files]);
    form.reset();
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const files = [...event.dataTransfer.files];
    take(input.multiple ? files : files.slice(0, 1));
  });
  addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
})();
