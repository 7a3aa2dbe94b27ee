# As bifrost, with a row in the request log for each call and beside it what was asked and answered.
. "$BENCH_DIR/targets/bifrost.sh"
BENCH_LOGGING=content
t_port() { echo $((BENCH_BASE_PORT + 8)); }
unset -f t_health # the same as bifrost's
