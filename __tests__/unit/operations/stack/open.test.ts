import { derivedValue } from '../../../../contract/derived-secret';
import { redactorOfEnvironment } from '../../../../operations/redact/environment';
import { terraformOf } from '../../../../operations/stack/open';
import { stack } from '../deploy/stack';

test('what runs beside Terraform hides what is made from a secret: a gate knows no stack', () => {
  const derivation = 'shop/mariadb/web/account/';
  const { env = {} } = terraformOf({
    stack: stack({ derived: [{ name: 'db_password_web', from: 'db_password', derivation }] }),
    host: undefined,
    shell: { TF_VAR_db_password: 'correct-horse', PATH: '/bin' },
    added: {},
    findings: [],
  });
  expect(redactorOfEnvironment(env).hide(derivedValue(derivation, 'correct-horse'))).toBe(
    '<db_password_web>',
  );
  expect(JSON.stringify(env)).not.toContain(derivedValue(derivation, 'correct-horse'));
});
