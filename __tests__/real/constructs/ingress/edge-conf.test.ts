import { connect } from 'node:net';
import { edgeConf } from '../../../../constructs/ingress/edge-conf';
import { nginxConf } from '../../../../constructs/ingress/nginx-conf';
import { eventually } from '../../../../lab/ground/shell';
import { findNginx, NginxFolder } from '../../../support/nginx/nginx';
import { ask, certificatePair, freePorts, startDns, startService } from '../../../support/programs/loopback';

describe('edgeConf', () => {
  test('passes 80 and 443 to nginx with the PROXY protocol, and names no route and no certificate', () => {
    const text = edgeConf();
    expect(text).toMatch(/server tasks\.nginx:8080 resolve max_fails=0;[\s\S]*listen 80 backlog=4096;/);
    expect(text).toMatch(/server tasks\.nginx:8443 resolve max_fails=0;[\s\S]*listen 443 backlog=4096;/);
    expect(text.match(/proxy_protocol on;/g)).toHaveLength(2);
    expect(text).not.toMatch(/ssl|location \/ |limit_req/);
  });

  test('refuses a name that would break the file', () => {
    expect(() => edgeConf({ service: 'nginx; }' })).toThrow("service 'nginx; }' cannot stand");
    expect(() => edgeConf({ ports: { http: 0 } })).toThrow('0 is no port');
  });
});

const nginx = findNginx();
const withNginx = nginx ? describe : describe.skip;

withNginx(nginx ? `edge and nginx ${nginx.version}` : 'SKIPPED: no nginx >= 1.27.4 (set NGINX_BIN)', () => {
  test('is accepted as it is shipped, but for the folders', () => {
    const folder = new NginxFolder(nginx!);
    const said = folder.check(edgeConf({ runtimeFolder: folder.path }));
    expect(said).toMatch(/^ok/);
    expect(said).not.toMatch(/\[(warn|emerg|alert)\]/);
    return folder.remove();
  });

  test("brings the client's address to the service, and stops within its time though a client stays", async () => {
    const [edge, inner] = [new NginxFolder(nginx!), new NginxFolder(nginx!)];
    const [http, https, edgeHealth, innerHttp, innerHttps, innerHealth, dns, app] = (await freePorts(
      8,
    )) as number[] & {
      length: 8;
    };
    const stopDns = await startDns(dns!, new Set(['tasks.nginx', 'tasks.app']));
    const stopApp = await startService('app', app!);
    try {
      const resolver = `127.0.0.1:${dns}`;
      const innerText = nginxConf({
        ...certificatePair(inner.path),
        routes: [{ path: '/', service: 'app', port: app! }],
        behindEdge: true,
        trustedProxies: ['127.0.0.0/8'],
        publicHttpsPort: https!,
        ports: { http: innerHttp!, https: innerHttps!, health: innerHealth! },
        resolver,
        runtimeFolder: inner.path,
      });
      await inner.start(innerText, () => ask(`http://127.0.0.1:${innerHealth}/health`));
      const edgeText = edgeConf({
        servicePorts: { http: innerHttp!, https: innerHttps! },
        ports: { http: http!, https: https!, health: edgeHealth! },
        resolver,
        runtimeFolder: edge.path,
      });
      await edge.start(edgeText, async () => {
        expect((await ask(`https://127.0.0.1:${https}/`)).status).toBe(200);
      });

      const answer = await ask(`https://127.0.0.1:${https}/`, { localAddress: '127.0.0.77' });
      expect(JSON.parse(answer.body).headers).toMatchObject({
        'x-real-ip': '127.0.0.77',
        'x-forwarded-for': '127.0.0.77',
      });
      // nginx logs after it has answered.
      expect(await eventually(10, () => inner.output().includes('127.0.0.77 '))).toBe(true);
      expect((await ask(`http://127.0.0.1:${edgeHealth}/health`)).status).toBe(200);
      expect((await ask(`http://127.0.0.1:${http}/health`)).status).toBe(200);
      expect((await ask(`http://127.0.0.1:${http}/a`)).headers.location).toBe(`https://127.0.0.1:${https}/a`);

      const idle = connect(https!, '127.0.0.1');
      await new Promise((done) => idle.once('connect', done));
      idle.on('error', () => {});
      expect(await edge.quit()).toBeLessThan(10_000);
      idle.destroy();
    } finally {
      await edge.remove();
      await inner.remove();
      stopDns();
      stopApp();
    }
  }, 60_000);
});
