# nginx from Debian as a plain reverse proxy with kept-alive upstream connections, unbuffered as streams need it.
t_setup() {
  debian_install nginx nginx-light
}
t_version() { nginx -v 2>&1 | sed 's/.*nginx\///'; }
t_port() { echo $((BENCH_BASE_PORT + 1)); }
t_warm() { echo 4; }
t_start() {
  mkdir -p "$T_DIR/tmp"
  cat > "$T_DIR/nginx.conf" <<CONF
user root;
worker_processes auto;
daemon off;
pid $T_DIR/nginx.pid;
error_log $T_DIR/error.log warn;
worker_rlimit_nofile 65536;
events { worker_connections 20000; }
http {
  access_log off;
  server_tokens off;
  tcp_nodelay on;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  client_body_temp_path $T_DIR/tmp/body;
  proxy_temp_path $T_DIR/tmp/proxy;
  fastcgi_temp_path $T_DIR/tmp/fastcgi;
  uwsgi_temp_path $T_DIR/tmp/uwsgi;
  scgi_temp_path $T_DIR/tmp/scgi;
  client_body_buffer_size 256k;
  client_max_body_size 64m;
  upstream mock {
    server 127.0.0.1:$MOCK_PORT;
    keepalive 1024;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:$(t_port) backlog=16384;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
CONF
  exec nginx -p "$T_DIR" -c "$T_DIR/nginx.conf"
}
