import { ask } from '../../lab/deploy/requests';
import { platform } from '../../services.config';
import { askPlainly, echo, tell } from './support/http';
import { describeLab, operator, runningLab } from './support/lab';

describeLab('requests from outside', () => {
  test.each(platform.nginx.routes)(
    '$path is answered by $service, which sees the caller’s address',
    async (route) => {
      const [, , other] = runningLab().clients;
      const told = await tell(route.path, { from: other! });
      expect(told).toMatchObject({ status: 200, service: route.service, client: other, scheme: 'https' });
      expect(told.database).toBe('ok');
    },
  );

  test('the certificate is one for localhost', async () => {
    const ca = await certificateInUse();
    const answer = await ask(runningLab(), '/health', { ca });
    expect(answer.status).toBe(200);
  });

  test('HTTP is redirected to HTTPS, but /health answers on both', async () => {
    const redirect = await askPlainly('/users?page=2');
    expect(redirect.status).toBe(301);
    expect(redirect.headers.location).toBe('https://localhost:8443/users?page=2');
    expect(await askPlainly('/health')).toMatchObject({ status: 200, body: 'OK' });
    expect(await ask(runningLab(), '/health')).toMatchObject({ status: 200, body: 'OK' });
  });

  test('one client’s flood is limited, another client is served', async () => {
    const [, greedy, modest] = runningLab().clients;
    const answers = Array.from({ length: 100 }, () => ask(runningLab(), '/users', { from: greedy! }));
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toContain(429);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect((await ask(runningLab(), '/users', { from: modest! })).status).toBe(200);
  });

  test.each(['/monitoring/ws', '/notifications/ws'])('a WebSocket on %s echoes', async (path) => {
    expect(await echo(path, 'is anybody there?')).toBe('is anybody there?');
  });
});

/** The self-signed certificate, from nginx's own task. */
async function certificateInUse(): Promise<string> {
  const id = await operator(
    'ps',
    '--quiet',
    '--filter',
    'label=com.docker.swarm.service.name=proctorwise_nginx',
  );
  return operator('exec', id.trim(), 'cat', '/etc/nginx/tls/fullchain.pem');
}
