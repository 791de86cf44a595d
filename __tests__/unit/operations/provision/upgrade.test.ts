import type { CommandResult } from '../../../../operations/provision/server';
import { upgradeTables } from '../../../../operations/provision/upgrade';

const result = (exitCode: number, stderr = ''): CommandResult => ({ exitCode, stdout: '', stderr });

/** @param answers of the tool, one by one */
async function run(...answers: CommandResult[]) {
  const asked: string[] = [];
  const printed: string[] = [];
  const execute = async (command: readonly string[]) => {
    asked.push(command.join(' ').replace(/^sh -c .* sh /, 'mariadb-upgrade '));
    return answers.shift()!;
  };
  const error = await upgradeTables(execute, 'the password', (line) => printed.push(line)).catch(
    ({ message }: Error) => message,
  );
  return { asked, printed, error };
}

test("another version's tables are upgraded, and nothing else", async () => {
  const { asked, printed } = await run(result(0), result(0));
  expect(asked).toEqual([
    'mariadb-upgrade --check-if-upgrade-is-needed --silent --protocol=socket --user=root',
    'mariadb-upgrade --upgrade-system-tables --protocol=socket --user=root',
  ]);
  expect(printed).toEqual(["mariadb-upgrade: the server's own tables are those of its version now"]);
});

test('where they are of this version, or the image has no tool, nothing is done', async () => {
  expect(await run(result(1))).toMatchObject({ asked: [expect.any(String)], printed: [] });
  expect(await run(result(127))).toMatchObject({ asked: [expect.any(String)], printed: [] });
});

test('a failure stops the deploy before any application rolls, without the password', async () => {
  const { error } = await run(result(0), result(2, "FATAL\nAccess denied with 'the password'"));
  expect(error).toBe(
    "mariadb-upgrade ended with 2: FATAL; Access denied with '(redacted)'\n  the server serves on; run this again",
  );
});
