import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  apply,
  initialize,
  isProtected,
  plan,
  planText,
  TerraformError,
  unreachableRegistry,
} from '../../../../operations/terraform/plan';
import { PLAN_FILE } from '../../../../operations/terraform/running';
import { pullState } from '../../../../operations/terraform/state-contents';

/** A `terraform` that writes its arguments to a file and does what the test says. */
let folder: string;
const program = (script: string) => {
  const path = join(folder, 'terraform');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> '${folder}/calls'\n${script}\n`, { mode: 0o755 });
  process.env.TERRAFORM_BINARY_NAME = path;
};
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
const message = (more: object) =>
  `printf '%s\\n' '${JSON.stringify({ '@level': 'info', '@message': 'm', ...more })}'`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  writeFileSync(join(folder, 'cdk.tf.json'), '{"terraform":{"backend":{"local":{"path":"x"}}}}');
});
afterEach(() => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(folder, { recursive: true });
});

test('a plan without changes is none, one with changes is what Terraform shows of it', async () => {
  program('exit 0');
  expect(await plan({ folder }, () => {})).toBeUndefined();
  program(`case "$*" in plan*) exit 2;; *-json*) echo '{"resource_changes":[]}';; show*) echo words;; esac`);
  expect(await plan({ folder }, () => {})).toEqual({ resource_changes: [] });
  expect(await planText({ folder })).toBe('words');
});

test('a plan that is only looked at takes no lock, so that none is left when it is cancelled', async () => {
  program('exit 0');
  await plan({ folder }, () => {}, { lock: false });
  await plan({ folder }, () => {});
  expect(calls()).toEqual([expect.stringMatching(/-lock=false$/), expect.not.stringMatching(/-lock=false/)]);
});

test('a plan that prevent_destroy ends is told from any other that fails', async () => {
  const failing = async (summary: string) => {
    program(`${message({ diagnostic: { severity: 'error', summary } })}\nexit 1`);
    return plan({ folder }, () => {}).catch(isProtected);
  };
  expect(await failing('Instance cannot be destroyed')).toBe(true);
  expect(await failing('Invalid provider')).toBe(false);
  expect(isProtected(new Error('Instance cannot be destroyed'))).toBe(false);
});

test('the plan’s file, which holds secrets, is for its owner alone', async () => {
  program(`case "$1" in plan) echo secret > ${PLAN_FILE}; exit 2;; show) echo '{}';; esac`);
  await plan({ folder }, () => {});
  expect(statSync(join(folder, PLAN_FILE)).mode & 0o777).toBe(0o600);
});

test('a failed plan says what Terraform said, warnings apart', async () => {
  const diagnostic = { severity: 'error', summary: 'No value', detail: 'give it\nor not', address: 'var.x' };
  const other = { severity: 'warning', summary: 'By the way' };
  program(`${message({ diagnostic })}\n${message({ diagnostic: other })}\nexit 1`);
  const failed = plan({ folder }, () => {});
  await expect(failed).rejects.toThrow(TerraformError);
  await expect(failed).rejects.toThrow(/nothing was changed\nvar\.x: No value\n {2}give it\n {2}or not$/);
});

test('where the server drops connections, the plan is made again with fewer at once, and its limits are named', async () => {
  const detail =
    'error during connect: command [ssh -l docker -- docker docker system dial-stdio] has exited with exit status 255: stderr=kex_exchange_identification: read: Connection reset by peer';
  const failing = message({ diagnostic: { severity: 'error', summary: 'Unable to read', detail } });
  program(`case "$*" in *parallelism=2*) exit 0;; esac\n${failing}\nexit 1`);
  expect(await plan({ folder }, () => {})).toBeUndefined();
  expect(calls()).toEqual([expect.not.stringMatching(/parallelism/), expect.stringMatching(/parallelism=2/)]);
  program(`${failing}\nexit 1`);
  await expect(plan({ folder }, () => {})).rejects.toThrow(
    /MaxStartups, and MaxSessions.*\n.*MaxStartups 10:30:100/,
  );
});

test('a locked state is waited for, and its holder named', async () => {
  const detail =
    'Lock Info:\n  Who:       ana@laptop\n  Operation: OperationTypeApply\n  Created: 2026-01-02 03:04:05.6';
  const diagnostic = { severity: 'error', summary: 'Error acquiring the state lock', detail };
  program(`case "$*" in *timeout=3s*) ${message({ diagnostic })}; exit 1;; esac`);
  const told: string[] = [];
  expect((await apply({ folder }, (words) => told.push(words))).code).toBe(0);
  expect(told).toEqual([expect.stringMatching(/locked by ana@laptop/)]);
  expect(calls()).toEqual([expect.stringMatching(/timeout=3s/), expect.stringMatching(/timeout=10m/)]);
});

test('initialises once for one set of providers and one backend', async () => {
  program('mkdir -p .terraform');
  expect(await initialize({ folder })).toBe(true);
  expect(await initialize({ folder })).toBe(false);
  writeFileSync(join(folder, 'cdk.tf.json'), '{"terraform":{"backend":{"pg":{}}}}');
  expect(await initialize({ folder })).toBe(true);
  expect(calls()).toHaveLength(2);
});

test('initialises again after a plan that failed, for its providers may be gone', async () => {
  program('mkdir -p .terraform; [ "$1" = init ]');
  await initialize({ folder });
  await expect(plan({ folder }, () => {})).rejects.toThrow(TerraformError);
  expect(await initialize({ folder })).toBe(true);
});

test('an init that failed is tried again', async () => {
  mkdirSync(join(folder, '.terraform'));
  program('echo no network >&2; exit 1');
  await expect(initialize({ folder })).rejects.toThrow(/init failed\nno network/);
  expect(existsSync(join(folder, '.terraform', 'deploy-init'))).toBe(false);
});

test('an interrupt reaches Terraform once, and its end is waited for', async () => {
  program(
    `trap 'echo stopped >> ${'$PWD'}/stopped; exit 1' INT\n${message({ type: 'begun' })}\nwhile :; do sleep 0.05; done`,
  );
  const stop = new AbortController();
  const run = { folder, signal: stop.signal, onMessage: () => stop.abort() };
  expect((await apply(run, () => {})).code).toBe(1);
  expect(readFileSync(join(folder, 'stopped'), 'utf8')).toBe('stopped\n');
});

test('says that Terraform is missing', async () => {
  process.env.TERRAFORM_BINARY_NAME = join(folder, 'none');
  await expect(plan({ folder }, () => {})).rejects.toThrow(/there is no .*none on this machine\n.*install/);
});

describe('a registry of providers that does not answer', () => {
  const result = (stderr: string) => ({
    code: 1,
    diagnostics: [],
    output: 'Initializing the backend...',
    stderr,
  });
  // Terraform 1.11, of three providers at once.
  const recorded = (provider: string) => `
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
${provider}: could not connect to registry.terraform.io: failed to
request discovery document: Get
"https://registry.terraform.io/.well-known/terraform.json": dial tcp: lookup
registry.terraform.io on 127.0.0.53:53: no such host

To see which modules are currently depending on ${provider} and what
versions are specified, run the following command:
    terraform providers
`;

  test('is told in one line, with what to do', () => {
    const all = ['kreuzwerker/docker', 'hashicorp/null', 'hashicorp/tls'].map(recorded).join('');
    expect(unreachableRegistry(result(all))?.message.split('\n')).toEqual([
      'Terraform cannot load its providers (kreuzwerker/docker, hashicorp/null, hashicorp/tls): registry.terraform.io does not answer: dial tcp: lookup registry.terraform.io on 127.0.0.53:53: no such host',
      expect.stringMatching(
        /^ {2}check the network, or name the proxy in HTTPS_PROXY; .*terraform providers mirror.*\.\/proctor providers lock/,
      ),
    ]);
  });

  // Terraform 1.11.4: a registry that was found and is silent, checksums and archives that are elsewhere.
  test.each([
    [
      `
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
hashicorp/null: could not query provider registry for
registry.terraform.io/hashicorp/null: the request failed after 2 attempts,
please try again later: Get
"https://registry.terraform.io/v1/providers/hashicorp/null/versions": context
deadline exceeded (Client.Timeout exceeded while awaiting headers)

To see which modules are currently depending on hashicorp/null and what
versions are specified, run the following command:
    terraform providers
`,
      '(hashicorp/null): registry.terraform.io does not answer: context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
    [
      `
Error: Failed to install provider

Error while installing hashicorp/null v3.2.4: could not query provider
registry for registry.terraform.io/hashicorp/null: failed to retrieve
authentication checksums for provider: the request failed after 2 attempts,
please try again later: Get "https://releases.hashicorp.com/SUMS": proxyconnect tcp:
dial tcp 127.0.0.1:9: connect: connection refused

Error: Failed to install provider

Error while installing kreuzwerker/docker v3.6.2: could not query provider
registry for registry.terraform.io/kreuzwerker/docker: failed to retrieve
authentication checksums for provider: the request failed after 2 attempts,
please try again later: Get "https://github.com/SUMS": proxyconnect tcp:
dial tcp 127.0.0.1:9: connect: connection refused
`,
      '(hashicorp/null, kreuzwerker/docker): releases.hashicorp.com does not answer: proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
    ],
    [
      `
Error: Failed to install provider

Error while installing kreuzwerker/docker v3.6.2: github.com: Get
"https://github.com/kreuzwerker/terraform-provider-docker/releases/download/v3.6.2/terraform-provider-docker_3.6.2_linux_amd64.zip":
proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused
`,
      '(kreuzwerker/docker): github.com does not answer: proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
    ],
  ])('names who was asked, and why: %#', (stderr, words) => {
    expect(unreachableRegistry(result(stderr))?.message.split('\n')[0]).toBe(
      `Terraform cannot load its providers ${words}`,
    );
  });

  test('a proxy’s words paint nothing, and are no command of a CI', () => {
    const stderr = recorded('hashicorp/null').replace('no such host', '\u001b[31m##[error]x');
    expect(unreachableRegistry(result(stderr))?.message).toMatch(/:53: ## \[error\]x\n/);
  });

  test('is not what else fails in terraform init', () => {
    const checksum =
      'Error: Failed to install provider\n\nError while installing hashicorp/null v3.2.4: the local package does not match any of the checksums';
    expect(unreachableRegistry(result(checksum))).toBeUndefined();
  });
});

describe('messages name the program that runs', () => {
  const tofu = (script: string) => {
    writeFileSync(join(folder, 'tofu'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env.TERRAFORM_BINARY_NAME = join(folder, 'tofu');
  };

  test('where init fails', async () => {
    tofu('echo no network >&2; exit 1');
    await expect(initialize({ folder })).rejects.toThrow(/^tofu init failed\nno network/);
  });

  test('where a plan cannot be shown', async () => {
    tofu('[ "$1" = plan ] && exit 2; exit 1');
    await expect(plan({ folder }, () => {})).rejects.toThrow(/^tofu show failed/);
  });

  test('where it is missing', async () => {
    process.env.TERRAFORM_BINARY_NAME = '/nowhere/tofu';
    await expect(plan({ folder }, () => {})).rejects.toThrow(/no \/nowhere\/tofu on.*\n {2}install OpenTofu/);
  });

  test('where its registry does not answer', () => {
    tofu('');
    // OpenTofu 1.12.
    const stderr = ['hashicorp/tls', 'kreuzwerker/docker']
      .map(
        (name) => `
Error: Failed to resolve provider packages

Could not resolve provider ${name}: could not connect to
registry.opentofu.org: failed to request discovery document: Get
"https://registry.opentofu.org/.well-known/terraform.json": proxyconnect tcp:
dial tcp 127.0.0.1:9: connect: connection refused
`,
      )
      .join('\n');
    expect(unreachableRegistry({ code: 1, diagnostics: [], output: '', stderr })?.message).toMatch(
      /^OpenTofu cannot load its providers \(hashicorp\/tls, kreuzwerker\/docker\): registry\.opentofu\.org does not answer: .*127\.0\.0\.1:9: connect: connection refused\n.*tofu providers mirror.*~\/\.tofurc/,
    );
  });

  test('and a folder that the one has initialised is initialised again by the other', async () => {
    program('mkdir -p .terraform');
    expect(await initialize({ folder })).toBe(true);
    tofu('mkdir -p .terraform');
    expect(await initialize({ folder })).toBe(true);
    expect(await initialize({ folder })).toBe(false);
  });
});

test('what Terraform says where a state cannot be read paints nothing, and is no command of a CI', async () => {
  program("printf '\\033[31mno\\n::stop-commands::x ##[error]y' >&2; exit 1");
  await expect(pullState({ folder })).rejects.toThrow(/\n {2}no\n {2}: :stop-commands::x ## \[error\]y\n/);
});

test('warnings before the JSON, as OpenTofu writes them, are no part of it', async () => {
  program(
    `case "$1" in plan) exit 2;; show) echo 'Warning: no file'; echo; echo '{"resource_changes":[]}';; esac`,
  );
  expect(await plan({ folder }, () => {})).toEqual({ resource_changes: [] });
});

test('a state whose key is another one is not taken for one that is held', async () => {
  const detail = 'Error message: failed to write backup file: decryption failed for all provided methods';
  const diagnostic = { severity: 'error', summary: 'Error acquiring the state lock', detail };
  program(`${message({ diagnostic })}; exit 1`);
  const waits = jest.fn();
  expect((await apply({ folder }, waits)).code).toBe(1);
  expect(waits).not.toHaveBeenCalled();
});
