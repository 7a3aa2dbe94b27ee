#!/usr/bin/env bash
# A PostgreSQL server for tests: Debian's, in a folder and on a port of its own, and gone when whoever started this is gone.
#
#   eng/postgres.sh     prints a connection string, then serves until its standard input ends; the lines "stop" and "start" on it do as they say
#                       and are answered with "done"
#
# Nothing in it survives anything: it does not wait for the disk.
set -euo pipefail

programs=
for place in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin; do
  if [ -x "$place/initdb" ]; then
    programs=$place
  fi
done
if [ -z "$programs" ]; then
  echo "There is no PostgreSQL server on this machine (on Debian: apt-get install postgresql)." >&2
  exit 1
fi

# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" -eq 0 ]; then
  user=nobody
  if id postgres >/dev/null 2>&1; then
    user=postgres
  fi
  as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi

folder=$(mktemp -d /tmp/bifrost-postgres.XXXXXX)
stop() {
  "${as[@]}" "$programs/pg_ctl" stop -D "$folder/data" -m immediate -s >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM
if [ "${#as[@]}" -gt 0 ]; then
  chown "$user" "$folder"
fi
cd "$folder"

"${as[@]}" "$programs/initdb" -D "$folder/data" -U bifrost -A trust -E UTF8 --no-locale --no-sync >"$folder/initdb.log" 2>&1 \
  || { cat "$folder/initdb.log" >&2; exit 1; }

serve() {
  "${as[@]}" "$programs/pg_ctl" start -w -t 30 -s -D "$folder/data" -l "$folder/server.log" -o "-p $1 -k $folder \
    -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" \
    </dev/null >/dev/null 2>&1
}

port=
for _ in 1 2 3 4 5 6 7 8 9 10; do
  attempt=$((20000 + RANDOM % 12000))
  # A port that is taken ends the start at once, and the next one is tried. Nothing of ours is inherited by the server.
  if serve "$attempt"; then
    port=$attempt
    break
  fi
done
if [ -z "$port" ]; then
  tail -n 20 "$folder/server.log" >&2
  exit 1
fi

echo "Host=127.0.0.1;Port=$port;Username=bifrost;Database=postgres"
while read -r wish; do
  case "$wish" in
    # Not immediate: it does not wait for the disk, so a crash would take what was committed.
    stop) "${as[@]}" "$programs/pg_ctl" stop -w -m fast -s -D "$folder/data" </dev/null >/dev/null 2>&1 && echo done || echo failed ;;
    start) serve "$port" && echo done || echo failed ;;
  esac
done
