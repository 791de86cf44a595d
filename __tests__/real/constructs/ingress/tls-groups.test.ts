import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLS_GROUPS } from '../../../../constructs/ingress/tls/groups';
import { eventually } from '../../../../lab/ground/shell';
import { askedGroup } from '../../../support/nginx/client-hello';
import { Entrance } from '../../../support/nginx/entrance';
import { findNginx } from '../../../support/nginx/nginx';
import { certificatePair, freePorts } from '../../../support/programs/loopback';

const GROUPS = { X25519MLKEM768: 0x11ec, X25519: 0x1d, 'P-256': 0x17, 'P-384': 0x18 };
const OTHERS = { 'P-521': 0x19, X448: 0x1e, ffdhe2048: 0x100 };

const nginx = findNginx();
(nginx ? test : test.skip)(
  'nginx asks for the groups of the profile and no others, and a client that only has the hybrid one is served',
  async () => {
    const entrance = await new Entrance(nginx!).start();
    try {
      for (const group of Object.values(GROUPS)) expect(await askedGroup(entrance.https, group)).toBe(group);
      for (const group of Object.values(OTHERS))
        expect(await askedGroup(entrance.https, group)).toBeUndefined();
    } finally {
      await entrance.remove();
    }
  },
  30_000,
);

const version = /OpenSSL (\d+)\.(\d+)/.exec(spawnSync('openssl', ['version']).stdout?.toString() ?? '');
/** It knows ML-KEM since 3.5. */
const old = version && (Number(version[1]) === 3 ? Number(version[2]) < 5 : Number(version[1]) < 3);
(old ? test : test.skip)(
  'an OpenSSL that does not know the hybrid group starts, and keeps to the others',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'groups-'));
    const conf = join(folder, 'openssl.cnf');
    writeFileSync(conf, TLS_GROUPS);
    const { certificate, certificateKey } = certificatePair(folder);
    const [port] = (await freePorts(1)) as [number];
    const server = spawn(
      'openssl',
      ['s_server', '-quiet', '-accept', String(port), '-cert', certificate, '-key', certificateKey],
      { env: { ...process.env, OPENSSL_CONF: conf }, stdio: ['pipe', 'ignore', 'ignore'] },
    );
    try {
      const listens = () =>
        askedGroup(port, GROUPS.X25519).then(
          () => true,
          () => false,
        );
      expect(await eventually(10, listens)).toBe(true);
      const { X25519MLKEM768, ...known } = GROUPS;
      for (const group of Object.values(known)) expect(await askedGroup(port, group)).toBe(group);
      for (const group of [X25519MLKEM768, ...Object.values(OTHERS)])
        expect(await askedGroup(port, group)).toBeUndefined();
    } finally {
      server.kill();
      rmSync(folder, { recursive: true });
    }
  },
  30_000,
);
