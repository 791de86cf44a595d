import { loginsOf, questionsOf, taskOn } from '../../../../operations/backup/on-restored';
import type { ServiceSpec } from '../../../../operations/docker/answers';

const CHECK = ['CMD', 'curl', '-fsS', '-o', '/dev/null', 'http://127.0.0.1:8000/health'];
const spec = (container: object = {}): ServiceSpec => ({
  Name: 'shop_api',
  UpdateConfig: { Order: 'start-first' },
  TaskTemplate: {
    ContainerSpec: {
      Image: 'acme/api:1',
      Command: ['/bin/sh', '/launch'],
      Args: [
        '--drain=10',
        '--wait-for=mysql://mariadb:3306',
        '--wait-for=kafka://kafka:9092',
        '--url',
        'DATABASE_URL=mysql+pymysql://shop_api:{db_password}@mariadb:3306/shop_orders',
        '--url',
        'OTHER_URL=mysql://shop_api:{db_password}@mariadb:3306/shop_stock',
        'MAIL=smtp://mail:25',
        '--',
        'uvicorn',
        'app:app',
      ],
      Mounts: [
        { Type: 'volume', Source: 'shop_uploads', Target: '/uploads' },
        { Type: 'tmpfs', Target: '/tmp' },
      ],
      Healthcheck: { Test: CHECK },
      ...container,
    },
    Networks: [{ Target: 'n1' }],
    Placement: { Constraints: ['node.role==manager'] },
  },
});
const RESTORED = { backend: 'mariadb', address: '172.17.0.3', node: 'n1' };

test('an account is what its URLs say, once', () => {
  expect(loginsOf(spec(), 'mariadb')).toEqual(['shop_api']);
  expect(loginsOf(spec(), 'postgres')).toEqual([]);
  const plain = { Command: undefined, Args: [], Env: ['DATABASE_URL=mysql://sh%2Fop:x@mariadb:3306/a'] };
  expect(loginsOf(spec(plain), 'mariadb')).toEqual(['sh/op']);
});

test('it is the same task, with the restored databases, and with nothing else of the platform', () => {
  const { ContainerSpec, Networks, Placement } = taskOn(spec(), RESTORED);
  expect(ContainerSpec).toMatchObject({
    Image: 'acme/api:1',
    Command: ['/bin/sh', '/launch'],
    Args: [
      '--url',
      'DATABASE_URL=mysql+pymysql://shop_api:{db_password}@172.17.0.3:3306/shop_orders',
      '--url',
      'OTHER_URL=mysql://shop_api:{db_password}@172.17.0.3:3306/shop_stock',
      'MAIL=smtp://mail:25',
      '--',
      'uvicorn',
      'app:app',
    ],
    Mounts: [
      { Type: 'tmpfs', Target: '/uploads' },
      { Type: 'tmpfs', Target: '/tmp' },
    ],
  });
  expect(Networks).toEqual([]);
  expect(Placement).toEqual({ Constraints: ['node.id==n1'] });
});

test('without the launcher it keeps its command, and its environment is changed', () => {
  const plain = spec({ Command: ['serve'], Args: ['--port', '1'], Env: ['DB=mysql://a:b@mariadb:3306/c'] });
  expect(taskOn(plain, RESTORED).ContainerSpec).toMatchObject({
    Command: ['serve'],
    Args: ['--port', '1'],
    Env: ['DB=mysql://a:b@172.17.0.3:3306/c'],
  });
});

test('paths are asked as its health is', () => {
  expect(questionsOf('api', spec(), ['/users'])).toEqual([
    CHECK.slice(1),
    ['curl', '-fsS', '-o', '/dev/null', 'http://127.0.0.1:8000/users'],
  ]);
  const shell = spec({ Healthcheck: { Test: ['CMD-SHELL', "wget -q 'http://localhost/health' || exit 1"] } });
  expect(questionsOf('api', shell, ['/users'])).toEqual([
    ['sh', '-c', "wget -q 'http://localhost/health' || exit 1"],
    ['sh', '-c', "wget -q 'http://localhost/users' || exit 1"],
  ]);
  // The same path is asked twice, which is no mistake.
  expect(questionsOf('api', spec(), ['/health'])).toEqual([CHECK.slice(1), CHECK.slice(1)]);
});

test.each([
  ['no health check', { Healthcheck: { Test: ['NONE'] } }, 'has no health check'],
  ['one that asks no URL', { Healthcheck: { Test: ['CMD', 'true'] } }, 'asks no URL'],
])('%s is said', (_, container, message) => {
  expect(() => questionsOf('api', spec(container), ['/users'])).toThrow(message);
});
