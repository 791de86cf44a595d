import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { derivedValue } from '../../../../contract/derived-secret';
import { redactorHere } from '../../../../operations/inputs/redactor-here';

let folder: string;
let told: jest.SpyInstance;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'here-'));
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  told.mockRestore();
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });

test('knows the secrets of the shell and of every environment’s file, with one name each', () => {
  write('.env', 'TF_VAR_db_password=production-password\nPLATFORM_ENVIRONMENT=production\n');
  write('.env.staging', 'TF_VAR_db_password=staging-password\n');
  write('.envrc', 'TF_VAR_db_password=other-password-1\n');
  const redactor = redactorHere({ TF_VAR_db_password: 'exported-password' }, [], folder);
  expect(redactor.hide('production-password staging-password exported-password other-password-1')).toBe(
    '<TF_VAR_db_password> <TF_VAR_db_password> <TF_VAR_db_password> other-password-1',
  );
  expect(told).not.toHaveBeenCalled();
});

test('tells which file it cannot understand, without a value, and hides what it knows', () => {
  write('.env', 'TF_VAR_db_password=pass$word-with-dollar\n');
  const redactor = redactorHere({ TF_VAR_jwt_secret: 'exported-secret-1' }, [], folder);
  expect(redactor.hide('exported-secret-1')).toBe('<TF_VAR_jwt_secret>');
  expect(told).toHaveBeenCalledTimes(1);
  expect(told.mock.calls[0][0]).toMatch(/^secrets of \.env are not hidden here: \.env, line 1/);
  expect(told.mock.calls[0][0]).not.toContain('dollar');
});

test('knows what the server has that is made from any of them', () => {
  write('.env.staging', 'TF_VAR_db_password=staging-password\n');
  const derived = [{ name: 'db_password_web', from: 'db_password', derivation: 'shop/mariadb/web/account/' }];
  const values = ['exported-password', 'staging-password'].map((one) =>
    derivedValue(derived[0]!.derivation, one),
  );
  const redactor = redactorHere({ TF_VAR_db_password: 'exported-password' }, derived, folder);
  expect(redactor.hide(values.join(' '))).toBe('<db_password_web> <db_password_web>');
});
