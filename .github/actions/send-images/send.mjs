#!/usr/bin/env node
// Sends `repository_dispatch` deploy-images. Without a package, since it runs in the applications' repository.
const {
  DEPLOY_REPOSITORY: repository = '',
  DEPLOY_TOKEN: token = '',
  DEPLOY_IMAGES: text = '',
} = process.env;
const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY, GITHUB_SHA } = process.env;

const TRIES = 4;
/** Milliseconds before the second try; each further one waits twice as long. */
const WAIT = Number(process.env.DEPLOY_WAIT || 1000);

function fail(what, remedy) {
  process.stdout.write(`::error::${`${what}\n${remedy}`.replaceAll('%', '%25').replaceAll('\n', '%0A')}\n`);
  process.exit(1);
}

function readImages() {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const images = {};
  for (const [at, line] of lines.entries()) {
    if (line === '') continue;
    const [, name, digest] = /^([a-z0-9][\w./:-]*)=(sha256:[0-9a-f]{64})$/i.exec(line) ?? [];
    if (!name)
      fail(
        `line ${at + 1} of images is not service=sha256:… (64 hexadecimal digits)`,
        'take the digest from the step that pushed the image: steps.<id>.outputs.digest',
      );
    if (name in images) fail(`images has ${name} twice`, 'send one digest for each service');
    images[name] = digest;
  }
  if (Object.keys(images).length === 0) fail('there is no image to send', 'give at least one line of images');
  return images;
}

if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
  fail('repository is not owner/name', 'write the repository that deploys');
if (!token) fail('token is empty', 'give a token that may write contents of that repository');
const images = readImages();
const source =
  GITHUB_REPOSITORY && GITHUB_SHA ? `${GITHUB_REPOSITORY}@${GITHUB_SHA.slice(0, 12)}` : undefined;
const body = JSON.stringify({
  event_type: 'deploy-images',
  client_payload: { images, ...(source ? { source } : {}) },
});

for (let attempt = 1; ; attempt += 1) {
  const answer = await fetch(`${api}/repos/${repository}/dispatches`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(30_000),
    redirect: 'error',
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'proctorwise-swarm',
      'x-github-api-version': '2022-11-28',
    },
  }).catch((error) => ({ ok: false, status: 0, error }));
  if (answer.ok) break;
  // Twice sent is no harm: the digests are there already then.
  const passes = answer.status === 0 || answer.status === 429 || answer.status >= 500;
  if (passes && attempt < TRIES) {
    await new Promise((resolve) => setTimeout(resolve, WAIT * 2 ** (attempt - 1)));
    continue;
  }
  const why =
    answer.status === 0 ? (answer.error.cause?.message ?? answer.error.message) : `status ${answer.status}`;
  fail(
    `GitHub did not take the dispatch: ${why}`,
    'the token must reach that repository and may write its contents',
  );
}
for (const [name, digest] of Object.entries(images)) process.stdout.write(`${name} ${digest}\n`);
process.stdout.write(`sent to ${repository}, which commits and deploys them\n`);
