// What a page needs from the browser: keys, dialogs, the clipboard, and a way back after a lost connection.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (element) => element?.closest?.("input, textarea, select, [contenteditable]");

  // ---- Theme
  const showTheme = () => {
    const choice = localStorage.getItem("bifrost-theme") ?? "system";
    for (const select of all("[data-theme-choice]")) select.value = choice;
  };
  const setTheme = (choice) => {
    localStorage.setItem("bifrost-theme", choice);
    if (choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
  };

  // ---- Menu on narrow screens
  const setMenu = (open) => {
    document.body.classList.toggle("menu-open", open);
    one("[data-menu]")?.setAttribute("aria-expanded", String(open));
  };

  // ---- Palette
  const palette = () => one("#palette");
  const options = () => all("#palette-list [role=option]").filter((o) => !o.hidden);
  const select = (option) => {
    for (const other of all("#palette-list [role=option]")) other.setAttribute("aria-selected", String(other === option));
    one("#palette input").setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };
  const filter = () => {
    const words = one("#palette input").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of all("#palette-list [role=option]")) option.hidden = !words.every((w) => option.dataset.words.includes(w));
    select(options()[0]);
  };
  const openPalette = () => {
    if (!palette() || palette().open) return;
    one("#palette input").value = "";
    palette().showModal();
    filter();
  };
  const go = (option, elsewhere) => {
    if (!option) return;
    palette().close();
    if (elsewhere) open(new URL(option.dataset.href, document.baseURI));
    else Blazor.navigateTo(option.dataset.href);
  };

  document.addEventListener("input", (e) => {
    if (e.target.closest("#palette")) filter();
  });
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-theme-choice]")) setTheme(e.target.value);
  });

  // A row that opens something opens it wherever it is pressed, but not for whoever marks its text.
  const openRow = (e) => {
    const row = e.target.closest("[data-opens] [data-row]");
    if (row && !e.target.closest("a, button, input, label") && getSelection().isCollapsed) one("a", row)?.click();
  };

  document.addEventListener("click", async (e) => {
    const target = e.target.closest("button, a, [role=option], dialog");
    openRow(e);
    if (!target) return;
    if (target.matches("[data-menu]")) setMenu(!document.body.classList.contains("menu-open"));
    else if (target.closest(".menu a")) setMenu(false);
    if (target.matches("[data-palette]")) openPalette();
    else if (target.matches("[data-help]")) one("#keyboard-help").showModal();
    else if (target.matches("#palette-list [role=option]")) go(target, e.ctrlKey || e.metaKey);
    else if (target.matches("[data-sign-out]")) {
      await fetch("/api/session/logout", { method: "POST", headers: { "X-Requested-With": "bifrost-ui" } });
      location.href = new URL("login", document.baseURI);
    } else if (target.matches("[data-copy]")) {
      await copy(target.dataset.copy, target);
    } else if (target.matches("[data-as-file]")) {
      asFile(one(target.dataset.asFile), one(target.dataset.into));
    } else if (target === e.target && target.matches("dialog[data-light]")) {
      target.querySelector("[data-close]")?.click();
    }
  });

  // Text goes the way a file goes: whatever its size, and without a file chooser.
  const asFile = (text, input) => {
    const files = new DataTransfer();
    files.items.add(new File([text.value], "pasted.json", { type: "application/json" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https a browser has no clipboard to write to; a selection can still be copied.
      const area = document.createElement("textarea");
      area.value = text;
      (button.closest("dialog") ?? document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.classList.add("copied");
    const said = button.getAttribute("aria-label");
    button.setAttribute("aria-label", "Copied");
    setTimeout(() => {
      button.classList.remove("copied");
      if (said) button.setAttribute("aria-label", said);
      else button.removeAttribute("aria-label");
    }, 1500);
    button.focus();
  };

  // ---- Keys
  const moveRow = (by) => {
    const rows = all("[data-row]");
    if (rows.length === 0) return false;
    const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
    rows[Math.max(0, Math.min(rows.length - 1, at + by))].focus();
    return true;
  };
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
      e.preventDefault();
      openPalette();
      return;
    }
    if (palette()?.open) {
      const list = options();
      const at = list.findIndex((o) => o.getAttribute("aria-selected") === "true");
      if (e.key === "ArrowDown") select(list[Math.min(list.length - 1, at + 1)]);
      else if (e.key === "ArrowUp") select(list[Math.max(0, at - 1)]);
      else if (e.key === "Enter") go(list[at], e.ctrlKey || e.metaKey);
      else return;
      e.preventDefault();
      return;
    }
    if (e.key === "Escape" && document.body.classList.contains("menu-open")) setMenu(false);
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
    if (e.key === "/") {
      const search = one("dialog[open] [data-search]") ?? one("[data-search]");
      if (search) {
        e.preventDefault();
        search.focus();
        search.select?.();
      }
    } else if (e.key === "?") {
      e.preventDefault();
      if (!one("dialog[open]")) one("#keyboard-help")?.showModal();
    } else if (e.key === "u") {
      all("[data-undo]").at(-1)?.click();
    } else if (one("dialog[open]:not(.sheet)")) {
      // What is open has the keys.
    } else if (e.key === "j" || e.key === "k") {
      if (moveRow(e.key === "j" ? 1 : -1)) e.preventDefault();
    } else if (e.key === "n" && !one("dialog[open]")) {
      one("[data-new]")?.click();
    } else if (e.key === "Enter" && e.target.matches?.("[data-row]")) {
      one("a, button", e.target)?.click();
    }
  });

  // ---- What was typed before the page was live: the first picture is taken away whole, and what stands in it with it.
  const controls = () => all("input, textarea, select");
  // Ids that are made anew with each page tell nothing; what a control is and how many of its kind come before it does.
  const kindOf = (control) => [control.tagName, control.type, control.name, control.placeholder, control.getAttribute("aria-label")].join("|");
  const places = (list) => {
    const counts = new Map();
    return new Map(
      list.map((control) => {
        const kind = kindOf(control);
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        return [control, `${kind}|${counts.get(kind)}`];
      }),
    );
  };
  const fill = (control, old) => {
    if (control.type === "file") return;
    if (old.type === "checkbox" || old.type === "radio") control.checked = old.checked;
    else control.value = old.value;
    early.touched.add(control);
    carried.add(control);
  };
  // The page hears of it when it listens to all; what was typed on meanwhile is in it.
  const tell = () => {
    for (const control of carried) {
      if (!control.isConnected || (control.type === "radio" && !control.checked)) continue;
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
    carried.clear();
  };
  const { early } = window;
  let before = places(controls());
  const waiting = new Map();
  const carried = new Set();
  const carryOver = () => {
    for (const [control, place] of before) {
      if (!control.isConnected && (early.touched.has(control) || early.last === control)) waiting.set(control, place);
    }
    const now = places(controls());
    before = document.documentElement.dataset.live ? new Map() : now;
    if (waiting.size === 0) return;
    const at = new Map([...now].map(([control, place]) => [place, control]));
    for (const [old, place] of waiting) {
      const control = (old.id && document.getElementById(old.id)) || at.get(place);
      if (control?.type !== old.type) continue;
      waiting.delete(old);
      if (early.touched.has(old)) fill(control, old);
      if (early.last !== old || typing(document.activeElement)) continue;
      control.focus();
      early.last = control;
      // Only text has a caret; a number has none that could be asked for.
      if (typeof old.selectionStart === "number") control.setSelectionRange(old.selectionStart, old.selectionEnd, old.selectionDirection);
    }
  };
  const swap = new MutationObserver(() => {
    carryOver();
    if (document.documentElement.dataset.live) tell();
  });
  if (!document.documentElement.dataset.live) swap.observe(document.body, { childList: true, subtree: true });
  // What a page reads after it has come to life may bring a control back a little later.
  const stopCarrying = () => setTimeout(() => (swap.disconnect(), waiting.clear(), before.clear()), 3000);

  // ---- Drafts: what was typed into a form comes back after a lost connection. Never what is secret.
  const draftKey = (form) => `draft:${location.pathname}${location.search}:${form.dataset.draft}`;
  const fields = (form) => all("input, textarea, select", form).filter((f) => !["password", "file", "submit", "button"].includes(f.type) && !f.closest("[data-no-draft]"));
  document.addEventListener(
    "input",
    (e) => {
      const form = e.target.closest("[data-draft]");
      if (!form) return;
      const values = fields(form).map((f) => (f.type === "checkbox" || f.type === "radio" ? f.checked : f.value));
      sessionStorage.setItem(draftKey(form), JSON.stringify(values));
    },
    true,
  );
  const restore = () => {
    if (sessionStorage.getItem("bifrost-restore") !== location.href) return;
    sessionStorage.removeItem("bifrost-restore");
    for (const form of all("[data-draft]")) {
      const values = JSON.parse(sessionStorage.getItem(draftKey(form)) ?? "null");
      fields(form).forEach((field, i) => {
        if (!values || values[i] === undefined) return;
        if (field.type === "checkbox" || field.type === "radio") {
          if (field.checked !== values[i]) field.click();
        } else if (field.value !== values[i]) {
          field.value = values[i];
          field.dispatchEvent(new Event("input", { bubbles: true }));
          field.dispatchEvent(new Event("change", { bubbles: true }));
        }
      });
    }
    const at = Number(sessionStorage.getItem("bifrost-scroll") ?? 0);
    scrollTo(0, at);
  };

  // ---- The connection: try again until it stands, or until a restarted gateway wants a fresh page.
  let lost = false;
  let trying = false;
  let returning = false;
  const stands = () => {
    lost = false;
    one("#connection").hidden = true;
  };
  const comeBack = () => {
    returning = true;
    sessionStorage.setItem("bifrost-restore", location.href);
    sessionStorage.setItem("bifrost-scroll", String(scrollY));
    location.reload();
  };
  // One at a time: of two connections the gateway keeps one and closes the other, which counts as lost again.
  const reconnect = async () => {
    if (trying) return;
    trying = true;
    for (let wait = 250; lost; wait = Math.min(wait * 2, 4000)) {
      await new Promise((r) => setTimeout(r, wait));
      try {
        const alive = await fetch(new URL("theme.js", document.baseURI), { cache: "no-store" });
        if (!alive.ok) continue;
        // A connection that stands already is not told of again.
        if (await Blazor.reconnect()) stands();
        else comeBack();
        break;
      } catch {
        // Still away.
      }
    }
    trying = false;
  };

  // ---- What a panel was opened from has the focus again when it goes: the panel is taken away whole, which a browser does not count as closing.
  const opened = [];
  const markOf = (element) => {
    const row = element.closest("[data-row]")?.dataset.row;
    return { id: element.id, href: element.getAttribute("href"), tag: element.tagName, says: element.getAttribute("aria-label") ?? element.textContent, row };
  };
  // A list that was read anew has other elements for the same things.
  const same = (mark, root = document) =>
    (mark.id && document.getElementById(mark.id)) ||
    all(mark.tag.toLowerCase(), root).find((e) => (mark.href ? e.getAttribute("href") === mark.href : (e.getAttribute("aria-label") ?? e.textContent) === mark.says));
  const giveBack = () => {
    let last;
    for (let i = opened.length - 1; i >= 0; i--) if (!opened[i].dialog.isConnected) [last] = opened.splice(i, 1);
    if (opened.length === 0) closing.disconnect();
    // Whoever has gone elsewhere meanwhile stays there.
    if (!last || (document.activeElement && document.activeElement !== document.body)) return;
    const opener = last.opener?.isConnected ? last.opener : last.mark && same(last.mark);
    (opener ?? one("h1"))?.focus();
  };
  const closing = new MutationObserver(giveBack);
  const noteOpener = (dialog) => {
    const opener = document.activeElement === document.body || dialog.contains(document.activeElement) ? null : document.activeElement;
    opened.push({ dialog, opener, mark: opener && markOf(opener) });
    closing.observe(document.body, { childList: true, subtree: true });
  };

  // ---- Who sends a form stays where the form was sent from: its button is out of use meanwhile, and the form may be drawn anew with what was saved.
  document.addEventListener("submit", (e) => {
    const sender = document.activeElement;
    if (!sender?.closest("form, dialog")) return;
    const [mark, sheet] = [markOf(sender), sender.closest("dialog.sheet")];
    const stay = () => {
      if (document.activeElement && ![document.body, sender].includes(document.activeElement)) leave();
      else if (sheet && !sheet.isConnected) leave();
      else if (document.activeElement !== sender) (sender.isConnected ? sender : same(mark, sheet ?? document))?.focus();
    };
    const watch = new MutationObserver(stay);
    const leave = () => watch.disconnect();
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    setTimeout(leave, 5000);
  });

  window.bifrost = {
    ready() {
      showTheme();
      carryOver();
      document.documentElement.dataset.live = "true";
      tell();
      stopCarrying();
      requestAnimationFrame(restore);
    },
    // A new page is read from its heading on; but nobody is taken away from what is being typed.
    arrive() {
      if (!typing(document.activeElement)) one("h1")?.focus();
    },
    show(dialog) {
      if (dialog && !dialog.open) {
        noteOpener(dialog);
        dialog.showModal();
      }
      if (dialog) requestAnimationFrame(() => (one("[autofocus]", dialog) ?? one("input, select, textarea", dialog) ?? one("h2", dialog))?.focus());
    },
    attends: (element) => !!element?.matches(":hover, :focus-within"),
    forget(name) {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && key.endsWith(`:${name}`)) sessionStorage.removeItem(key);
    },
    save(name, type, text) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
    remember: (key, value) => localStorage.setItem(`bifrost-${key}`, value),
    recall: (key) => localStorage.getItem(`bifrost-${key}`),
    scrollToEnd(element) {
      if (element) element.scrollTop = element.scrollHeight;
    },
    // The line moves, never the page.
    showTab(line) {
      const chosen = line && one("[aria-current]", line);
      if (!chosen) return;
      const [at, room] = [chosen.getBoundingClientRect(), line.getBoundingClientRect()];
      line.scrollLeft += at.left + at.width / 2 - (room.left + room.width / 2);
    },
    focus(id) {
      document.getElementById(id)?.focus();
    },
    lead(id) {
      const to = document.getElementById(id);
      to?.focus({ preventScroll: true });
      to?.scrollIntoView({ block: "start" });
    },
    focusRow(id) {
      one(`[data-row="${CSS.escape(id)}"]`)?.focus();
    },
    // A browser closes a dialog at Escape even when the page would rather warn first.
    reopen() {
      for (const sheet of all("dialog.sheet:not([open])")) sheet.showModal();
    },
    // Made in the browser, so that a picture or a film needs no address of its own.
    async showMedium(element, stream, type) {
      const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type }));
      element.src = url;
      const save = one("a[download]", element.closest("figure"));
      if (save) save.href = url;
    },
  };

  // ---- Panels close when what was done in them is done.
  document.addEventListener("submit", (e) => e.target.matches("form[data-closes]") && e.target.closest("[popover]")?.hidePopover());
  document.addEventListener("click", (e) => e.target.closest("a[data-closes]")?.closest("[popover]")?.hidePopover());

  // ---- From one opened row to the next: before the list's own keys.
  document.addEventListener(
    "keydown",
    (e) => {
      const sheet = one("dialog.sheet[open]");
      if (!sheet || !one("[data-next]", sheet) || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || one("dialog[open]:not(.sheet)")) return;
      const arrow = ["ArrowDown", "ArrowUp"].includes(e.key) && !e.target.closest?.("[role=region]");
      if (!arrow && e.key !== "j" && e.key !== "k") return;
      one(e.key === "j" || e.key === "ArrowDown" ? "[data-next]" : "[data-previous]", sheet).click();
      e.preventDefault();
      e.stopPropagation();
    },
    true,
  );

  // Ctrl Enter sends a form from its text, as if its button was pressed.
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || !e.target.matches?.("[data-submit]")) return;
    e.preventDefault();
    e.target.dispatchEvent(new Event("change", { bubbles: true }));
    e.target.form.requestSubmit();
  });

  // A page that comes back by itself loses nothing; it does not ask whether to stay.
  addEventListener("beforeunload", (e) => returning && e.stopImmediatePropagation(), true);

  showTheme();
  Blazor.start({
    circuit: {
      reconnectionHandler: {
        onConnectionDown() {
          lost = true;
          one("#connection").hidden = false;
          reconnect();
        },
        onConnectionUp: stands,
      },
    },
  });
  Blazor.addEventListener?.("enhancedload", showTheme);
})();
