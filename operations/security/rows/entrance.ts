import { expiryOf } from '../../certificates/expiry';
import type { Facts, Seen } from './facts';
import { type Found, partsInWords, type Row } from './row';

const DAY = 86_400_000;
/** Mozilla's least: half a year. */
const LEAST_SECONDS = 15_768_000;

const row = (name: string, find: (seen: Seen, facts: Facts) => Found): Row => ({
  name,
  find: (facts) =>
    'error' in facts.seen
      ? { unknown: true, text: `the entrance does not answer here: ${facts.seen.error}` }
      : find(facts.seen, facts),
});

const broken = (of: string, text: string, fix: string): Found => ({ text, not: [{ of, text }], fix });
const NGINX = 'deploy what services.config.ts says: its nginx.conf does that';

/** What clients see. */
export const ENTRANCE: readonly Row[] = [
  row('tls-versions', ({ tls }) => {
    const old = (['TLSv1', 'TLSv1.1'] as const).filter((version) => tls[version]);
    const missing = (['TLSv1.2', 'TLSv1.3'] as const).filter((version) => tls[version] === false);
    const not = [
      ...old.map((of) => ({ of, text: 'is spoken' })),
      ...missing.map((of) => ({ of, text: 'is not spoken' })),
    ];
    if (not.length > 0) return { text: partsInWords(not), not, fix: NGINX };
    return Object.values(tls).includes(undefined)
      ? { unknown: true, text: 'this machine cannot speak each version itself' }
      : { text: 'TLS 1.2 and 1.3, nothing older' };
  }),
  row('certificate', ({ certificate }) => {
    const { untrusted, selfSigned } = certificate;
    const fix = 'docs/certificates.md: Let’s Encrypt, or one of a public CA';
    if (selfSigned) return broken('nginx', 'the certificate is self-signed', fix);
    if (untrusted) return broken('nginx', `this machine does not trust it: ${untrusted}`, fix);
    const { warn, text } = expiryOf(certificate, new Date());
    return warn ? broken('nginx', `it ${text}`, fix) : { text: `trusted, ${text}` };
  }),
  row('redirect', ({ redirect }) => {
    if (redirect === undefined) return { unknown: true, text: 'its HTTP port does not answer here' };
    return redirect.startsWith('https://')
      ? { text: 'HTTP leads to HTTPS' }
      : broken('nginx', 'it answers without TLS', NGINX);
  }),
  row('hsts', ({ headers }) => {
    const seconds = Number(/max-age=(\d+)/.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0);
    return seconds >= LEAST_SECONDS
      ? { text: `browsers insist on TLS for ${Math.floor((seconds * 1000) / DAY)} days` }
      : broken(
          'nginx',
          'browsers are not told to insist on TLS',
          'with a certificate of a public CA: hsts of tls, in services.config.ts',
        );
  }),
  row('server-header', ({ headers: { server = '' } }) =>
    /\d/.test(server)
      ? broken('nginx', `it tells its version: ${server.slice(0, 40)}`, NGINX)
      : { text: 'no version of the server is told' },
  ),
];
