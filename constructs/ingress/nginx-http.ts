import type { NginxConfOptions } from './nginx-options';
import { type Route, rateLimitOf } from './nginx-routes';

// No query: a browser's WebSocket cannot send headers, so tokens travel there.
export const logging = () => `map $request_uri $request_path { "~^(?<path_only>[^?]*)" $path_only; }
log_format access '$remote_addr [$time_iso8601] "$request_method $request_path $server_protocol" $status '
                  '$body_bytes_sent rt=$request_time upstream=$upstream_addr us=$upstream_status '
                  'ut=$upstream_response_time "$http_user_agent"';
access_log /dev/stdout access;
# Each line about a request holds the whole of it, with its query. Workers that end are told above, by their master.
error_log stderr emerg;
server_tokens off;`;

export const realAddress = (networks: readonly string[]) =>
  `${networks.map((network) => `set_real_ip_from ${network};`).join('\n')}
real_ip_header proxy_protocol;`;

// keepalive_min_timeout keeps idle connections of a stopping nginx for as long as a client may just be writing to one.
// Only where another nginx already takes the new ones: without the edge it would prolong the outage.
export const clientSide = ({ behindEdge, maxBodySize = '1m', runtimeFolder }: NginxConfOptions) => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((kind) => `\n${kind}_temp_path ${runtimeFolder}/${kind};`).join('');
  return `client_max_body_size ${maxBodySize};
client_body_buffer_size 16k;
http2_body_preread_size 16k;
large_client_header_buffers 4 8k;
client_header_timeout 10s;
client_body_timeout 15s;
send_timeout 15s;
reset_timedout_connection on;
# A slow reader waits for its service, and takes no disk.
proxy_max_temp_file_size 0;
keepalive_timeout 75s;${behindEdge ? '\nkeepalive_min_timeout 10s;' : ''}
gzip on;
gzip_vary on;
gzip_proxied any;
gzip_min_length 1024;
gzip_types application/javascript application/json image/svg+xml text/css text/plain text/xml;${
    runtimeFolder === undefined ? '' : paths
  }`;
};

// proxy_next_upstream stays at its default: a POST that was sent may have been executed. A request goes on with the list of
// tasks that it began with, and once that list has changed nginx tries no other task and answers 502, or 504 when it waited
// for a connection just then: hence the second try (see `secondTry`) with the new list, and a connect time-out below the second in which nginx asks for names again.
export const proxying = (
  authority: string,
  port: number,
  readTimeout: number,
) => `map $http_upgrade $websocket {
  default '';
  ~*^websocket$ websocket;
}
map $websocket $connection_upgrade {
  default upgrade;
  '' '';
}
proxy_http_version 1.1;
proxy_connect_timeout 500ms;
proxy_read_timeout ${readTimeout}s;
${forwarded(authority, port)}
proxy_set_header Connection "";
# Services see plain HTTP and say so in their redirects.
proxy_redirect http://${authority}/ https://${authority}/;`;

// The client's own X-Forwarded-For is dropped, as are the headers that say the same: nothing before nginx is trusted to have set them.
export const forwarded = (authority: string, port: number) => `proxy_set_header Host ${authority};
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-Port ${port};
proxy_set_header X-Forwarded-Host "";
proxy_set_header Forwarded "";`;

/**
 * `$give_up` for a request that a task failed: empty when no byte of it was sent, so that nobody can have acted on it, or
 * when it can be repeated and was lost (a GET that only takes too long would take as long again); else the status.
 * `$upstream_status` and `$upstream_bytes_sent` have one value for each task that was tried, `-` for none.
 */
export const secondTry = () => `map "$request_method|$upstream_status|$upstream_bytes_sent" $give_up {
  default 502;
  "~^[A-Z]+\\|[^|]*\\|[-0, ]*$" '';
  "~^(GET|HEAD|OPTIONS)\\|([^|]*, )?502\\|" '';
  "~^[A-Z]+\\|([^|]*, )?504\\|" 504;
}`;

export const zoneOf = (service: string, rate: number) => `limit_${service}_${rate}`;

export function limits(routes: readonly Route[]): string {
  const zones = new Map<string, number>();
  for (const route of routes) {
    const rate = rateLimitOf(route)?.requestsPerSecond;
    if (rate) zones.set(zoneOf(route.service, rate), rate);
  }
  const lines = [...zones].map(
    ([zone, rate]) => `limit_req_zone $binary_remote_addr zone=${zone}:5m rate=${rate}r/s;`,
  );
  return [...lines, 'limit_req_status 429;', 'limit_req_log_level warn;'].join('\n');
}

export function upstreams(routes: readonly Route[]): string {
  const ports = new Map(routes.map(({ service, port }) => [service, port]));
  const block = ([service, port]: [string, number]) => `upstream ${service} {
  zone upstream_${service} 64k;
  least_conn;
  server tasks.${service}:${port} resolve max_fails=0;
  keepalive 32;
}`;
  return [...ports].map(block).join('\n');
}
