import { promisedOf } from '../../../../cli/catalogue/promised';

const letsencrypt = { mode: 'letsencrypt', image: 'certbot/certbot:v5.8.0', email: 'a@b.example' } as const;

test('clients are promised a certificate that they trust, unless it is self-signed or one of staging', () => {
  expect(promisedOf({ mode: 'self-signed' })).toEqual({ acme: false, trusted: false });
  expect(promisedOf({ mode: 'provided' })).toEqual({ acme: false, trusted: true });
  expect(promisedOf({ ...letsencrypt, directory: 'staging' })).toEqual({ acme: true, trusted: false });
  expect(promisedOf({ ...letsencrypt, directory: 'production' })).toEqual({ acme: true, trusted: true });
  expect(promisedOf({ ...letsencrypt, directory: 'https://ca.example/acme' })).toEqual({
    acme: true,
    trusted: true,
  });
});
