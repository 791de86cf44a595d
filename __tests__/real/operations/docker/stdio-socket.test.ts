import { spawn } from 'node:child_process';
import { CarrierEnded, StdioSocket } from '../../../../operations/docker/stdio-socket';

const socketOn = (script: string) => new StdioSocket(() => spawn('sh', ['-c', script], { stdio: 'pipe' }));

const ending = (socket: StdioSocket) =>
  new Promise<Error | 'ended'>((resolve) => {
    socket
      .once('error', resolve)
      .once('end', () => resolve('ended'))
      .resume();
  });

test('ends in order when the process answered and exited with 0', async () => {
  expect(await ending(socketOn('echo answer'))).toBe('ended');
});

test('fails with what the process said when it ends without an answer', async () => {
  const error = await ending(socketOn('echo "Host key verification failed." >&2; exit 255'));
  expect(error).toBeInstanceOf(CarrierEnded);
  expect(error).toMatchObject({ exitCode: 255, message: 'Host key verification failed.' });
});

test('fails when the connection breaks in the middle of an answer', async () => {
  expect(await ending(socketOn('echo half; exit 255'))).toMatchObject({ exitCode: 255 });
});

test('does not wait for a background process that keeps standard error open', async () => {
  const began = Date.now();
  expect(await ending(socketOn('sleep 30 </dev/null >/dev/null & exit 255'))).toBeInstanceOf(CarrierEnded);
  expect(Date.now() - began).toBeLessThan(15_000);
});

test('passes the end of input on, and stops the process when destroyed', async () => {
  const socket = socketOn('cat; echo; echo done');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => socket.once('end', resolve));
  socket.end('hello');
  await ended;
  expect(said).toBe('hello\ndone\n');

  const child = spawn('sleep', ['30'], { stdio: 'pipe' });
  const exited = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  new StdioSocket(() => child).destroy();
  expect(await exited).toBe('SIGTERM');
});
