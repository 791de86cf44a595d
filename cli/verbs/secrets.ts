import { defineVerb } from '../table/verb';
import { environment } from './common';

export const secrets = defineVerb({
  name: 'secrets',
  summary: 'each secret: version, age, what rotating it replaces',
  details:
    'Lists the secrets: version, age, the services that use them, what rotating them replaces. No value is shown.',
  needs: 'server',
  positionals: [],
  options: {
    environment,
    json: { text: 'one JSON object' },
    generate: {
      text: 'adds a strong value to .env (.env.<environment> unless it is production), mode 0600; needs no server',
      value: '<secret>',
      completes: 'secret',
    },
    replace: {
      text: 'where the file has one already; the older one stays in a comment, for the way back',
    },
    print: { text: 'to standard output instead, and into no file' },
  },
  examples: ['secrets', 'secrets --generate jwt_secret_key', 'secrets --generate db_password --replace'],
});
