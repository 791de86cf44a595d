import { type CommandResult, redact, Server } from '../../../../operations/provision/server';

function serverThat(result: Partial<CommandResult>) {
  const calls: { command: readonly string[]; stdin: string }[] = [];
  const server = new Server(async (command, stdin) => {
    calls.push({ command, stdin });
    return { exitCode: 0, stdout: '', stderr: '', ...result };
  }, 'the secret password');
  return { server, calls };
}

test('SQL goes to standard input, the arguments hold none of it', async () => {
  const { server, calls } = serverThat({});
  await server.run('ALTER USER x;\n');
  expect(calls[0]!.stdin).toMatch(/^SET SESSION sql_mode[^\n]*\nALTER USER x;\n\n-- end \S+\n$/);
  expect(calls[0]!.command.join(' ')).toContain('mariadb --protocol=socket --user=root --batch');
  expect(calls[0]!.command.join(' ')).not.toContain('ALTER');
});

test('a script of the operator’s runs in its database, with the server’s own sql_mode', async () => {
  const { server, calls } = serverThat({});
  await server.runScript('proctorwise_users', 'CREATE TABLE x;');
  expect(calls[0]!.command).toContain('--database=proctorwise_users');
  expect(calls[0]!.stdin).toMatch(/^CREATE TABLE x;\n-- end \S+\n$/);
});

test('rows come back by column', async () => {
  const { server } = serverThat({ stdout: '%\t7B7D\nlocalhost\t\n' });
  await expect(server.query('SELECT')).resolves.toEqual([
    ['%', '7B7D'],
    ['localhost', ''],
  ]);
});

test('a backslash, which the client writes twice, comes back as it is', async () => {
  const { server } = serverThat({ stdout: 'GRANT ALL ON `shop\\\\_a`.* TO `x`@`%`\ttwo\\nlines\\t\n' });
  await expect(server.query('SHOW GRANTS')).resolves.toEqual([
    ['GRANT ALL ON `shop\\_a`.* TO `x`@`%`', 'two\nlines\t'],
  ]);
});

test('an error carries MariaDB’s message without hashes or the password', async () => {
  const hash = '*57577EC1A3CE91CD0C1A086575189D239584CD1F';
  const { server } = serverThat({
    exitCode: 1,
    stderr: `ERROR 1064 (42000) at line 2: syntax near '${hash}' OR the secret password`,
  });
  const failure = await server.run('x').catch((error: Error) => error.message);
  expect(failure).toBe(`MariaDB: ERROR 1064 (42000) at line 2: syntax near '(redacted)' OR (redacted)`);
});

test('a hash that MariaDB cut off in its message is redacted, too', () => {
  expect(redact("near '3CE91CD0C1A08'", 'the secret password')).toBe("near '(redacted)'");
});

test('a client that says nothing fails with its status', async () => {
  const { server } = serverThat({ exitCode: 137 });
  await expect(server.run('x')).rejects.toThrow('MariaDB: the client ended with 137');
});
