import { MAX_BODY_SIZE, type NginxConfOptions } from './nginx-options';

/** What a service is told of a request. */
export interface Forwarded {
  readonly authority: string;
  readonly port: number;
  /** The variable with the client's address. */
  readonly client: string;
}

// No query: a browser's WebSocket cannot send headers, so tokens travel there.
export const logging = (
  client: string,
) => `map $request_uri $request_path { "~^(?<path_only>[^?]*)" $path_only; }
log_format access '${client} [$time_iso8601] "$request_method $request_path $server_protocol" $status '
                  '$body_bytes_sent rt=$request_time upstream=$upstream_addr us=$upstream_status '
                  'ut=$upstream_response_time "$http_user_agent"';
access_log /dev/stdout access;
# Each line about a request holds the whole of it, with its query. Workers that end are told above, by their master.
error_log stderr emerg;
server_tokens off;`;

// nginx's own 64 bytes hold a name of 46 characters, and without the larger ones it does not start. A host has up to 253, a cookie
// in a variable's name three for each of its 60 (`idOf`), a header of an answer 100.
export const LONG_NAMES = `server_names_hash_bucket_size 512;
variables_hash_bucket_size 256;
proxy_headers_hash_bucket_size 256;`;

export const realAddress = (networks: readonly string[]) =>
  `${networks.map((network) => `set_real_ip_from ${network};`).join('\n')}
real_ip_header proxy_protocol;`;

// keepalive_min_timeout keeps idle connections of a stopping nginx for as long as a client may just be writing to one.
// Only where another nginx already takes the new ones: without the edge it would prolong the outage.
// gzip, too, keeps its memory for as long as nobody takes the answer: with these 50 kB, with nginx's own 400.
export const clientSide = ({ behindEdge, maxBodySize = MAX_BODY_SIZE, runtimeFolder }: NginxConfOptions) => {
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
gzip_buffers 4 4k;
gzip_window 4k;
gzip_hash 4k;
gzip_types application/javascript application/json image/svg+xml text/css text/plain text/xml;${
    runtimeFolder === undefined ? '' : paths
  }`;
};

// proxy_next_upstream stays at its default: a POST that was sent may have been executed. Its time-out is there since `timeout`
// means an answer that does not come, too: within it a connection can fail, and no answer be late. A request goes on with the
// list of tasks that it began with, and once that list has changed nginx tries no other task and answers 502, or 504 when it
// waited for a connection just then: hence the second try (see `secondTry`) with the new list, and a connect time-out below
// the second in which nginx asks for names again.
// Few buffers: an answer that nobody takes keeps them all, on each request of HTTP/2. Of 16k: headers that do not fit in one are 502, and sessions in cookies are larger than nginx's own 4k.
export const proxying = (to: Forwarded, readTimeout: number, shortest: number) => `proxy_http_version 1.1;
proxy_buffer_size 16k;
proxy_buffers 3 8k;
proxy_busy_buffers_size 16k;
proxy_connect_timeout 500ms;
proxy_read_timeout ${readTimeout}s;
proxy_next_upstream_timeout ${Math.min(2000, Math.floor(shortest / 2))}ms;
${forwarded(to)}
proxy_set_header Connection "";
# Services see plain HTTP and say so in their redirects.
proxy_redirect http://${to.authority}/ https://${to.authority}/;`;

// The client's own X-Forwarded-For is dropped, as are the headers that say the same: nothing before nginx is trusted to have set them.
export const forwarded = ({ authority, port, client }: Forwarded) => `proxy_set_header Host ${authority};
proxy_set_header X-Real-IP ${client};
proxy_set_header X-Forwarded-For ${client};
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-Port ${port};
proxy_set_header X-Forwarded-Host "";
proxy_set_header Forwarded "";`;

/**
 * `$give_up` for a request that a task failed: empty when no byte of it was sent, so that nobody can have acted on it, or
 * when it can be repeated and was lost before a byte of an answer came (a GET that only takes too long would take as long
 * again); else the status. The variables have one value for each task that was tried, `-` for none.
 */
export const secondTry =
  () => `map "$request_method|$upstream_status|$upstream_bytes_sent|$upstream_bytes_received" $give_up {
  default 502;
  "~^[A-Z]+\\|[^|]*\\|[-0, ]*\\|" '';
  "~^(GET|HEAD|OPTIONS)\\|([^|]*, )?502\\|[^|]*\\|[-0, ]*$" '';
  "~^[A-Z]+\\|([^|]*, )?504\\|" 504;
}`;
