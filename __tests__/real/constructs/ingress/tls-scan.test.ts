import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNginx } from '../../../support/nginx/nginx';
import { WatchedNginx } from '../../../support/nginx/watched-nginx';
import type { Json } from '../../../support/platform/template';
import { makePair, type Pair } from '../../../support/programs/certificates';
import { freePorts, startDns, startService } from '../../../support/programs/loopback';
import { posixShells } from '../../../support/programs/posix-shells';

const SSLYZE = process.env.SSLYZE_BIN || 'sslyze';
const nginx = findNginx();
const scanner = spawnSync(SSLYZE, ['--help']).status === 0;
if (!scanner) console.warn('SKIPPED: TLS is NOT scanned: no sslyze here (SSLYZE_BIN)');

const OLD = ['ssl_2_0', 'ssl_3_0', 'tls_1_0', 'tls_1_1'];
const GOOD = /^TLS_(ECDHE_(ECDSA|RSA)_WITH_)?(AES_(128|256)_GCM|CHACHA20_POLY1305)_SHA(256|384)$/;

(nginx && scanner ? describe : describe.skip)(
  'sslyze, which scans nginx under the shipped nginx.conf,',
  () => {
    const root = makePair({ subject: '/CN=Root', authority: true });
    const middle = makePair({ subject: '/CN=Middle', authority: true, issuer: root });
    const leaf = makePair({ names: 'DNS:localhost', subject: '/CN=localhost', issuer: middle });
    const whole = { ...leaf, certificate: leaf.certificate + middle.certificate };
    const stops: (() => void)[] = [];
    let service: { dns: number; port: number };
    beforeAll(async () => {
      const [dns, port] = (await freePorts(2)) as [number, number];
      stops.push(await startDns(dns, new Set(['tasks.web'])), await startService('web', port));
      service = { dns, port };
    });
    afterAll(() => {
      for (const stop of stops) stop();
    });

    /** Its judgement by Mozilla's "intermediate" configuration, and what it found. */
    async function scan(fallback: Pair, spoil?: (conf: string) => string) {
      const shell = posixShells().found[0]!;
      const watched = new WatchedNginx({ nginx: nginx!, fallback, shell, ...(spoil ? { spoil } : {}) });
      try {
        await watched.start(service);
        const [ca, out] = [join(watched.folder, 'ca.pem'), join(watched.folder, 'scan.json')];
        writeFileSync(ca, root.certificate);
        const args = [
          '--slow_connection',
          '--certinfo_ca_file',
          ca,
          '--json_out',
          out,
          `localhost:${watched.port}`,
        ];
        const { status, stdout } = spawnSync(SSLYZE, args, { encoding: 'utf8' });
        const found: Json = JSON.parse(readFileSync(out, 'utf8')).server_scan_results[0].scan_result;
        return { status, stdout, found };
      } finally {
        await watched.remove();
      }
    }

    const suites = (found: Json, protocol: string): string[] =>
      found[`${protocol}_cipher_suites`].result.accepted_cipher_suites.map(
        (one: Json) => one.cipher_suite.name,
      );

    describe('with a chain of an authority', () => {
      let result: Awaited<ReturnType<typeof scan>>;
      beforeAll(async () => {
        result = await scan(whole);
      });

      test('finds it compliant with Mozilla’s intermediate configuration', () => {
        expect(result.stdout).toMatch(/localhost:\d+: OK - Compliant/);
        expect(result.status).toBe(0);
      });

      test('gets no connection below TLS 1.2', () => {
        expect(OLD.flatMap((protocol) => suites(result.found, protocol))).toEqual([]);
        for (const protocol of ['tls_1_2', 'tls_1_3']) expect(suites(result.found, protocol)).toHaveLength(3);
      });

      test('gets only ciphers with forward secrecy and authentication', () => {
        const all = ['tls_1_2', 'tls_1_3'].flatMap((protocol) => suites(result.found, protocol));
        expect(all.filter((name) => !GOOD.test(name))).toEqual([]);
      });

      test('sees the chain whole and in order, and trusts it under its name', () => {
        const [deployment] = result.found.certificate_info.result.certificate_deployments;
        expect(deployment).toMatchObject({
          received_chain_has_valid_order: true,
          received_chain_contains_anchor_certificate: false,
        });
        expect(deployment.received_certificate_chain).toHaveLength(2);
        const verified = deployment.path_validation_results.filter(
          (one: Json) => one.was_validation_successful,
        );
        expect(verified).toHaveLength(1);
      });

      test('finds no known hole: compression, renegotiation, Heartbleed, CCS, ROBOT, downgrade', () => {
        const of = (name: string) => result.found[name].result;
        expect(of('tls_compression').supports_compression).toBe(false);
        expect(of('session_renegotiation')).toMatchObject({
          is_vulnerable_to_client_renegotiation_dos: false,
          supports_secure_renegotiation: true,
        });
        expect(of('heartbleed').is_vulnerable_to_heartbleed).toBe(false);
        expect(of('openssl_ccs_injection').is_vulnerable_to_ccs_injection).toBe(false);
        expect(of('robot').robot_result).toMatch(/^NOT_VULNERABLE/);
        expect(of('tls_fallback_scsv').supports_fallback_scsv).toBe(true);
      });
    });

    test.each<[string, Pair, ((conf: string) => string) | undefined, RegExp]>([
      ['a chain without its issuer', leaf, undefined, /certificate_path_validation/],
      [
        'a cipher without authentication',
        whole,
        (conf) => conf.replace(/ssl_ciphers [^;]+/, 'ssl_ciphers ECDHE-ECDSA-AES128-SHA'),
        /ciphers/,
      ],
    ])('would tell, were it so, of %s', async (_, pair, spoil, words) => {
      const { status, stdout } = await scan(pair, spoil);
      expect(stdout).toMatch(/FAILED - Not compliant/);
      expect(stdout).toMatch(words);
      expect(status).toBe(1);
    });
  },
);
