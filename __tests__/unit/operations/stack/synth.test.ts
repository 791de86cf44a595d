import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synth } from '../../../../operations/stack/synth';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synth-'));
  mkdirSync(join(folder, 'build'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('has what the environment and .env say of addresses, and no secret of either', async () => {
  writeFileSync(
    join(folder, 'build', 'synth.mjs'),
    "import { writeFileSync } from 'node:fs'; writeFileSync('seen.json', JSON.stringify(process.env));",
  );
  const before = process.env;
  process.env = { ...before, TF_VAR_db_password: 'a', IMAGE_TAG: 'v7' };
  try {
    await synth(folder, 'out', 'lab', { TF_VAR_jwt_secret_key: 'b', VPS_HOST: 'vps.example.com' });
  } finally {
    process.env = before;
  }
  const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
  expect(seen).toMatchObject({ IMAGE_TAG: 'v7', VPS_HOST: 'vps.example.com', PLATFORM_ENVIRONMENT: 'lab' });
  expect(Object.keys(seen).filter((name) => name.startsWith('TF_VAR_'))).toEqual([]);
});
