# As bifrost, with a row in the request log (SQLite) for each call.
. "$BENCH_DIR/targets/bifrost.sh"
BENCH_LOGGING=rows
t_port() { echo $((BENCH_BASE_PORT + 7)); }
unset -f t_health # the same as bifrost's
