# What processes cost. Everything here goes by process id; nothing is found, or ended, by name.

tree() { # PID...: these and all their descendants
  local p
  for p in "$@"; do echo "$p"; tree $(cat /proc/"$p"/task/*/children 2>/dev/null); done
}

memory_mb() { # FIELD PID...: the sum of a field of /proc/PID/status
  local field=$1 p kb sum=0
  shift
  for p in "$@"; do kb=$(awk -v f="$field:" '$1 == f {print $2}' /proc/"$p"/status 2>/dev/null); sum=$((sum + ${kb:-0})); done
  awk "BEGIN {print $sum / 1024}"
}
forget_peaks() { local p; for p in "$@"; do echo 5 > /proc/"$p"/clear_refs 2>/dev/null; done; }

cpu_ns() { if [ $# -gt 0 ]; then "$LOADGEN" cpu "$@"; else echo 0; fi; }
cpu_ticks() { # PID...: "user kernel"
  local p
  for p in "$@"; do sed 's/.*) //' /proc/"$p"/stat 2>/dev/null; done | awk '{u += $12; k += $13} END {print u + 0, k + 0}'
}

# All but idle, iowait and steal of the whole machine, and of that what this shell and its ended children used.
machine_busy_ms() { awk '/^cpu /{print ($2 + $3 + $4 + $7 + $8) * 10}' /proc/stat; }
own_ms() { sed 's/.*) //' /proc/$$/stat | awk '{print ($12 + $13 + $14 + $15) * 10}'; }

stop_process() { # PID: asks, waits five seconds, insists
  local all
  all=$(tree "$1")
  kill "$1" 2>/dev/null
  for _ in $(seq 50); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 $all 2>/dev/null
}
