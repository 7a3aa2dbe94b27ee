# What ./bifrost and ./test share. Sourced, never run; expects $root (the repository) to be set.

artifacts="$root/artifacts"
server="$artifacts/bin/Bifrost.Server/release/bifrost"
# Older than any input that changed since the last successful build.
stamp="$artifacts/server.stamp"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Without ICU, which a bare Debian lacks, the SDK runs only when told not to look for it. Nothing here needs cultures.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

say() { printf '%s\n' "$*" >&2; }

# Puts dotnet on PATH if it is only in one of its usual homes, and tells executables of our own where the runtime is:
# they look in the default places only, and the SDK may be elsewhere.
find_dotnet() {
  local home found
  if ! command -v dotnet >/dev/null 2>&1; then
    for home in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
      if [ -n "$home" ] && [ -x "$home/dotnet" ]; then
        PATH="$home:$PATH"
        break
      fi
    done
  fi
  if [ -z "${DOTNET_ROOT:-}" ] && found=$(command -v dotnet); then
    home=$(dirname "$(readlink -f "$found")")
    if [ -d "$home/host/fxr" ]; then
      export DOTNET_ROOT="$home"
    fi
  fi
}

# dotnet and npm keep their caches under HOME and refuse to work without one. Containers and service users often have none.
require_home() {
  if [ ! -w "${HOME:-}" ]; then
    export HOME="$artifacts/home"
    mkdir -p "$HOME"
  fi
}

# global.json says which SDK we need; dotnet itself judges whether one of the installed ones will do.
require_sdk() {
  local wanted answer
  require_home
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1)
  if ! command -v dotnet >/dev/null 2>&1; then
    say "Bifrost needs the .NET SDK $wanted or a later 10.0, and there is no dotnet on this machine."
    say "Install it (https://dotnet.microsoft.com/download) and try again."
    return 1
  fi
  if ! answer=$(cd "$root" && dotnet --version 2>&1); then
    say "Bifrost needs the .NET SDK $wanted or a later 10.0, and dotnet finds none it can use:"
    printf '%s\n' "$answer" | sed 's/^/  /' >&2
    say "Install it (https://dotnet.microsoft.com/download) and try again."
    return 1
  fi
}

# Runs a command while no other start or test run builds in this checkout. Without flock(1) it simply runs.
# The command does not inherit the lock: a compiler server that outlives the build would keep it.
alone() {
  mkdir -p "$artifacts"
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      "$@" 9>&-
    ) 9>"$artifacts/build.lock"
  else
    "$@"
  fi
}

# Folders count as inputs too: deleting a file changes only the folder that held it.
server_is_current() {
  [ -x "$server" ] && [ -e "$stamp" ] \
    && [ -z "$(cd "$root" && find src Directory.* global.json -newer "$stamp" -print -quit)" ]
}
