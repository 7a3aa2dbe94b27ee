# Shared by the .NET targets.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unset DOTNET_gcServer DOTNET_TieredPGO DOTNET_TieredCompilation DOTNET_ReadyToRun # each runs as it is shipped

dotnet_build() { # PROJECT: a Release build; only the errors are shown
  dotnet build "$REPOSITORY/$1" -c Release > "$T_DIR/build.log" 2>&1 ||
    { grep -E 'error' "$T_DIR/build.log" | sort -u | head -20 >&2; return 1; }
}
dotnet_says() { # RUNTIMECONFIG: the runtime and the settings that matter here
  echo ".NET $(dotnet --list-runtimes | awk '/AspNetCore/{v=$2} END{print v}'), $(jq -r '.runtimeOptions.configProperties | "server GC " + (if ."System.GC.Server" then "on" else "off" end)' "$1")"
}
# Unoptimised code costs two to three times as much; on two busy CPUs it takes this long to be gone.
t_warm() { echo 20; }
if [ -n "${BENCH_NO_BUILD:-}" ]; then dotnet_build() { :; }; fi
