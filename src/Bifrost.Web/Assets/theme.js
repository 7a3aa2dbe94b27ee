// Runs before the first paint: the chosen theme, and what the gateway needs to show local times.
(() => {
  const choice = localStorage.getItem("bifrost-theme");
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.theme = choice;
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const ahead = -new Date().getTimezoneOffset();
  document.cookie = `bf-zone=${encodeURIComponent(`${zone}|${ahead}`)}; path=/ui; max-age=31536000; samesite=lax`;
})();
