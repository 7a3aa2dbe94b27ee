// Runs before the first paint: the chosen theme, what the gateway needs to show local times, and what is typed from the first moment on.
(() => {
  const choice = localStorage.getItem("bifrost-theme");
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.theme = choice;
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const ahead = -new Date().getTimezoneOffset();
  document.cookie = `bf-zone=${encodeURIComponent(`${zone}|${ahead}`)}; path=/ui; max-age=31536000; samesite=lax`;

  // The live page takes the place of the first picture; app.js carries over what a person has changed in it until then. What a browser fills in by itself is not meant.
  window.early = { touched: new Set(), last: null };
  const note = (e) => {
    if (document.documentElement.dataset.live || !e.isTrusted) return;
    if (e.type === "focusin") window.early.last = e.target;
    else window.early.touched.add(e.target);
  };
  for (const kind of ["input", "change", "focusin"]) document.addEventListener(kind, note, true);
})();
