import { lineOf } from '../../../../operations/deploy/progress';
import { evidenceOf } from '../../../../operations/docker/evidence';
import { explain, refusalOf } from '../../../../operations/docker/explain';
import { Redactor } from '../../../../operations/redact/redactor';
import { harmless } from '../../../../operations/terminal/untrusted';
import { inWords } from '../../../../operations/terraform/message';

/** What a program may print that somebody else wrote. */
const HOSTILE =
  '\u001b[2J\u001b]0;title\u0007ok\n  ::stop-commands::x\nsee ##[error]no\n\ttab\r\nend\u202eout\u0000';

/** What GitHub's runner takes for a command: at the start of a line, behind blanks, too; or `##[` anywhere. */
const isCommand = (line: string) => line.trimStart().startsWith('::') || line.includes('##[');
const isObeyed = (text: string) =>
  text.split('\n').some(isCommand) || /[\p{Cc}\p{Cf}]/u.test(text.replaceAll(/[\t\n]/g, ''));

test('text of others holds no command and moves no cursor, and is still readable', () => {
  expect(harmless(HOSTILE)).toBe('ok\n  : :stop-commands::x\nsee ## [error]no\n\ttab\nend\ufffdout\ufffd');
  expect(isObeyed(HOSTILE)).toBe(true);
  expect(harmless('\u001b[32mINFO\u001b[0m:     Started server process [1]')).toBe(
    'INFO:     Started server process [1]',
  );
  expect(harmless('a::b std::string')).toBe('a::b std::string');
});

test('the log, the health check and the node of a failed task arrive harmless', async () => {
  const docker = {
    node: () => Promise.resolve({ Description: { Hostname: 'vm' } }),
    taskLog: () => Promise.resolve(HOSTILE),
    container: () => Promise.resolve({ State: { Health: { Log: [{ ExitCode: 1, Output: HOSTILE }] } } }),
  };
  const task = { ID: 't', NodeID: 'n', Status: { ContainerStatus: { ContainerID: 'c' } } };
  const { log, health } = await evidenceOf(docker as never, task as never, new Redactor({}));
  expect(isObeyed(log.join('\n'))).toBe(false);
  expect(isObeyed(health!)).toBe(false);
  expect(log).toContain('ok');
});

test('so do Docker’s and Terraform’s words, and what a step prints', async () => {
  const error = Object.assign(new Error(HOSTILE), { statusCode: 400 });
  expect(isObeyed((await refusalOf(Promise.reject(error)))!)).toBe(false);
  expect(isObeyed(explain(new Error(HOSTILE), 'ssh://h')!.message)).toBe(false);
  expect(isObeyed(inWords({ severity: 'error', summary: 's', detail: HOSTILE }))).toBe(false);
  const line = lineOf({
    type: 'provision_progress',
    hook: { resource: { addr: 'null_resource.x' }, output: '\u001b[2J::error::no' },
  });
  expect(line).toMatchObject({ kind: 'lasting', text: 'x: : :error::no' });
});

test('a secret is hidden before anything of it is changed', () => {
  expect(new Redactor({ token: '::geheim-geheim' }).show('::geheim-geheim')).toBe('<token>');
});
