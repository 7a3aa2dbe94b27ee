# One load on one target, and what it cost.

record() { printf '%s\t%s\t%s\t%s\t%s\n' "$ROUND" "$T_NAME" "$1" "$2" "$3" >> "$RAW"; } # LOAD METRIC VALUE
flatten() { jq -r 'to_entries[] | if (.value | type) == "object" then .key as $k | .value | to_entries[] | "\($k).\(.key)\t\(.value)" else "\(.key)\t\(.value)" end'; }

mock_stats() { # the mock's counters as JSON
  local line
  exec 3<>/dev/tcp/127.0.0.1/"$MOCK_PORT" || return 1
  printf 'GET /__stats HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n' >&3
  while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do :; done
  cat <&3
  exec 3>&-
}

generate() { # KIND BODY CONNECTIONS SECONDS RATE: the load itself; prints its JSON
  local kind=$1 body=$T_BODIES/$2.json connections=$3 seconds=$4 rate=$5 url=$T_CHAT
  if [ "$kind" = health ]; then url=$(t_root)$(t_health) body=; fi
  case $kind in
    closed | health)
      BENCH_HEADERS=$(t_headers) ${body:+env BENCH_BODY="$body"} timeout $((seconds + 10)) \
        wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s -s "$BENCH_DIR/load/chat.lua" "$url" 2>&1 | sed -n 's/^JSON //p' |
        jq -c '{ok: (.requests - .bad), err: (.bad + .sock), rps: ((.requests - .bad) / .seconds), seconds, lat_us: {p50, p90, p99, max}}' ;;
    ramp) timeout $((seconds + 10)) "$LOADGEN" open "$url" -r "$rate" -R "$((seconds / 2))" -c "$connections" -d "$seconds" -b "$body" "${T_HEADERS[@]}" ;;
    open) timeout $((seconds + 10)) "$LOADGEN" open "$url" -r "$rate" -c "$connections" -d "$seconds" -b "$body" "${T_HEADERS[@]}" ;;
    stream) timeout $((seconds + 20)) "$LOADGEN" stream "$url" -c "$connections" -d "$seconds" -R 1 -b "$body" "${T_HEADERS[@]}" ;;
  esac
}

measure_once() { # NAME KIND BODY CONNECTIONS SECONDS RATE: sets ALIEN, the percentage of one CPU that others used meanwhile
  local name=$1 json good pids=() t0 t1 c0 c1 m0 m1 b0 b1 o0 o1 u0 k0 u1 k1 s0 s1
  [ -n "$TARGET_PID" ] && pids=($(tree "$TARGET_PID"))
  forget_peaks "${pids[@]}"
  s0=$(mock_stats) c0=$(cpu_ns "${pids[@]}") m0=$(cpu_ns "$MOCK_PID")
  read -r u0 k0 < <(cpu_ticks "${pids[@]}")
  o0=$(own_ms) b0=$(machine_busy_ms) t0=$(date +%s%3N)
  json=$(generate "${@:2}" 2>>"$OUT/errors.log")
  t1=$(date +%s%3N) b1=$(machine_busy_ms) o1=$(own_ms) c1=$(cpu_ns "${pids[@]}") m1=$(cpu_ns "$MOCK_PID")
  read -r u1 k1 < <(cpu_ticks "${pids[@]}")
  s1=$(mock_stats)
  ALIEN=$(awk "BEGIN {a = (($b1 - $b0) - ($o1 - $o0) - ($c1 - $c0 + $m1 - $m0) / 1e6) * 100 / ($t1 - $t0); printf \"%d\", (a > 0 ? a : 0)}")
  record "$name" kind "${2/ramp/open}"
  record "$name" alien_pct "$ALIEN"
  if [ -z "$json" ]; then record "$name" failed 1; echo "  $T_NAME $name: no result" >&2; return; fi

  flatten <<<"$json" | while IFS=$'\t' read -r key value; do record "$name" "$key" "$value"; done
  good=$(jq -r .ok <<<"$json")
  if [ "$good" -gt 0 ]; then
    record "$name" mock_cpu_us "$(awk "BEGIN {print ($m1 - $m0) / 1000 / $good}")"
    record "$name" upstream_calls "$(jq -n --argjson a "$s0" --argjson b "$s1" "(\$b.requests - \$a.requests) / $good")"
    record "$name" unkeyed_calls "$(jq -n --argjson a "$s0" --argjson b "$s1" '(($b.requests - $a.requests) - ($b.keyed - $a.keyed))')"
  fi
  if [ ${#pids[@]} -gt 0 ]; then
    record "$name" rss_peak_mb "$(memory_mb VmHWM "${pids[@]}")"
    [ $((u1 + k1 - u0 - k0)) -gt 0 ] && record "$name" kernel_pct "$(((k1 - k0) * 100 / (u1 + k1 - u0 - k0)))"
    [ "$good" -gt 0 ] && record "$name" cpu_us "$(awk "BEGIN {print ($c1 - $c0) / 1000 / $good}")"
    [ "$(jq -r '.events // 0' <<<"$json")" -gt 0 ] && record "$name" chunk_cpu_us "$(jq -r "($c1 - $c0) / 1000 / .events" <<<"$json")"
  fi
  jq -r --arg t "$T_NAME" --arg n "$name" --argjson cpu "$((c1 - c0))" '"  \($t) \($n): \(.rps | floor)/s, \(.err) errors, " +
    (if .ok > 0 then "\($cpu / 100 / .ok | round / 10) us of CPU each, " else "" end) + "p50 \(.lat_us.p50) p99 \(.lat_us.p99) us"' <<<"$json" >&2
}

measure() { # as measure_once, tried again, twice at most, when others used the CPUs meanwhile
  local attempt best=1 least=999999 kept=$RAW
  for attempt in 1 2 3; do
    RAW=$OUT/.attempt.$attempt
    : > "$RAW"
    ALIEN=0
    measure_once "$@"
    if [ "$ALIEN" -lt "$least" ]; then least=$ALIEN best=$attempt; fi
    [ "$ALIEN" -le "$BENCH_ALIEN_MAX" ] && break
    echo "    (others used $ALIEN % of a CPU meanwhile)" >&2
    [ $((SECONDS - STARTED)) -gt $((BUDGET * 3 / 4)) ] && break
  done
  RAW=$kept
  cat "$OUT/.attempt.$best" >> "$RAW"
  rm -f "$OUT"/.attempt.*
}

measure_all() { # CONFIG: every load of bench/loads/CONFIG.conf on the target loaded
  local name kind body connections seconds rate rounds
  while read -r name kind body connections seconds rate rounds _; do
    case $name in '' | '#'*) continue ;; esac
    [ "${rate:--}" = - ] && rate=0
    [ -n "${rounds:-}" ] && [ "$ROUND" -gt "$rounds" ] && continue
    [ "$kind" = health ] && ! declare -F t_health >/dev/null && continue
    measure "$name" "$kind" "$body" "$connections" "$seconds" "$rate" </dev/null
  done < "$BENCH_DIR/loads/$1.conf"
}
