# A target is a file in bench/targets that says, as functions:
#   t_setup    builds or installs it; silent, and quick when there is nothing to do
#   t_start    execs the server in the foreground, so that the process id held is the server's
#   t_port     its port
#   t_version  one line for the report
#   t_model    the model the bodies name; t_headers: one header a line, sent with every request
#   t_warm     how many pulses of load (1 s, and 0.5 s of rest) it needs before its figures are steady
#   t_health   a path it answers by itself, when that is to be measured
# T_NO_PROCESS=1 when there is nothing to start. T_DIR is its scratch folder.

load_target() { # NAME
  unset -f t_setup t_version t_port t_root t_headers t_start t_model t_warm t_health 2>/dev/null
  T_NO_PROCESS='' T_NAME=$1 T_DIR=$WORK/run/$1
  mkdir -p "$T_DIR"
  t_setup() { :; }
  t_version() { echo '?'; }
  t_root() { echo "http://127.0.0.1:$(t_port)"; }
  t_headers() { :; }
  t_model() { echo gpt-4o-mini; }
  t_warm() { echo 2; }
  . "$BENCH_DIR/targets/$1.sh"
  T_BODIES=$T_DIR/bodies
  T_CHAT=$(t_root)/v1/chat/completions
  mapfile -t T_HEADERS < <(t_headers | sed 's/^/-H\n/')
}

debian_install() { # COMMAND PACKAGE
  command -v "$1" >/dev/null && return
  { RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2" ||
    { apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; }; } > "$WORK/install-$2.log" 2>&1
}

fail_target() { # REASON: said now, and in the report
  echo "# $T_NAME: $1" >&2
  printf '%s\t%s\n' "$T_NAME" "$(tr -s '\n\t' '  ' <<<"$1")" >> "$OUT/failures.tsv"
}

start_target() { # starts the target loaded; its process id in TARGET_PID
  TARGET_PID=''
  if [ -n "$T_NO_PROCESS" ]; then RUNNING[$T_NAME]=''; return; fi
  (t_start) > "$T_DIR/log" 2>&1 &
  TARGET_PID=$! RUNNING[$T_NAME]=$!
  local cold
  cold=$("$LOADGEN" once "$T_CHAT" -t 20000 -b "$T_BODIES/small.json" "${T_HEADERS[@]}" -e chatcmpl 2>"$T_DIR/once.log")
  if [ "$(jq -r .ok <<<"$cold")" != 1 ]; then
    fail_target "no good answer within 20 s of the start: $(jq -c '{last_status}' <<<"$cold") $(head -c 300 "$T_DIR/once.log") $(tail -3 "$T_DIR/log")"
    stop_target
    return 1
  fi
  record start cold_ms "$(jq -r .ms <<<"$cold")"
  sleep 1
  record start rss_idle_mb "$(memory_mb VmRSS $(tree "$TARGET_PID"))"
}

warm_target() {
  for _ in $(seq "${BENCH_WARM:-$(t_warm)}"); do
    timeout 20 "$LOADGEN" closed "$T_CHAT" -c 64 -d 1 -b "$T_BODIES/small.json" "${T_HEADERS[@]}" >/dev/null 2>&1
    sleep 0.5
  done
  for _ in 1 2; do
    timeout 20 "$LOADGEN" stream "$T_CHAT" -c 16 -d 1 -R 0.1 -b "$T_BODIES/burst.json" "${T_HEADERS[@]}" >/dev/null 2>&1
    sleep 0.5
  done
}

stop_target() {
  if [ -n "$TARGET_PID" ]; then stop_process "$TARGET_PID"; wait "$TARGET_PID" 2>/dev/null; fi
  unset "RUNNING[$T_NAME]"
  TARGET_PID=''
}
