# Where the CPU of a .NET target goes, by the assembly that was running when perf looked. Only when perf is installed.

profile_target() { # loads the target anew with its methods named, and counts samples by part
  local load
  # The names come from a map that the runtime writes; with write-xor-execute on, perf cannot match it to the code.
  export DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0
  start_target || { unset DOTNET_PerfMapEnabled DOTNET_EnableWriteXorExecute; return; }
  unset DOTNET_PerfMapEnabled DOTNET_EnableWriteXorExecute
  timeout 30 "$LOADGEN" closed "$T_CHAT" -c 64 -d 10 -b "$T_BODIES/small.json" "${T_HEADERS[@]}" >/dev/null
  timeout 30 "$LOADGEN" closed "$T_CHAT" -c 64 -d 5 -b "$T_BODIES/small.json" "${T_HEADERS[@]}" >/dev/null &
  load=$!
  sleep 0.5
  timeout 30 perf record -q -e cpu-clock -F 997 -p "$TARGET_PID" -o "$OUT/.perf" -- sleep 4 >/dev/null 2>>"$OUT/errors.log"
  wait "$load"
  perf report -i "$OUT/.perf" -F sample,dso,sym -t '|' --stdio 2>/dev/null | node "$BENCH_DIR/load/parts.mjs" "$T_NAME" >> "$OUT/profile.tsv"
  rm -f "$OUT/.perf" "/tmp/perf-$TARGET_PID.map" "/tmp/perfinfo-$TARGET_PID.map"
  echo "  $T_NAME: profiled" >&2
  stop_target
}
