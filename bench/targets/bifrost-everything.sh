# As bifrost, with everything on that an operator would have on: governance, the request log with content, metrics.
. "$BENCH_DIR/targets/bifrost.sh"
bifrost_governed
BENCH_LOGGING=content
t_port() { echo $((BENCH_BASE_PORT + 10)); }
unset -f t_health # the same as bifrost's
