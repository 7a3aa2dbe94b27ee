# As bifrost, with everything on that an operator would have on: governance at four levels, a row in the request log for each call, metrics, prices.
. "$BENCH_DIR/targets/bifrost.sh"
bifrost_governed
BENCH_LOGGING=rows
t_port() { echo $((BENCH_BASE_PORT + 10)); }
unset -f t_health # the same as bifrost's
