import { appendFileSync } from 'node:fs';
import type { Shell } from '../../contract/shell';

/**
 * Markdown on the page of GitHub's run, where this is one. What was done is done whether its page says so or not: one that
 * cannot be written is told on standard error, and changes no exit code.
 */
export function writeJobSummary(markdown: string, { GITHUB_STEP_SUMMARY }: Shell): void {
  if (!GITHUB_STEP_SUMMARY) return;
  try {
    appendFileSync(GITHUB_STEP_SUMMARY, markdown);
  } catch (error) {
    process.stderr.write(
      `warning: the summary for the run’s page cannot be written: ${(error as Error).message}\n  this output has what it would say\n`,
    );
  }
}
