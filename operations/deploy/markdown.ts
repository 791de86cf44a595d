import { inWords as probeInWords } from '../probe/statistics';
import type { Finding } from '../terminal/finding';
import type { DeployResult } from './result';
import { OUTCOME_WORDS } from './verdict';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The same verdict for the page of a GitHub Actions run. */
export function markdown(result: DeployResult): string {
  const head = `## Deploy of \`${result.stack}\`: ${result.exitCode === 0 ? '✅' : '❌'} ${result.outcome}`;
  const findings = result.preflight.filter(({ level }) => level !== 'ok');
  const failed = result.services.filter(({ outcome, report }) => outcome !== 'converged' && report);
  return [
    head,
    '',
    `Exit code ${result.exitCode}, ${result.seconds.toFixed(0)} s${result.release ? `, release ${result.release}` : ''}.${result.error ? ` ${cell(result.error)}` : ''}`,
    ...(findings.length > 0 ? ['', ...findings.map(line)] : []),
    ...(result.services.length > 0
      ? [
          '',
          '| service | change | outcome | seconds |',
          '|---|---|---|---|',
          ...result.services.map(
            (row) =>
              `| ${row.service} | ${cell(row.change)} | ${OUTCOME_WORDS[row.outcome]}${row.putBack ? `, put back: ${row.putBack}` : ''} | ${row.seconds?.toFixed(1) ?? ''} |`,
          ),
        ]
      : []),
    ...(result.probe ? ['', `Probe: ${probeInWords(result.probe)}.`] : []),
    ...failed.flatMap(({ report }) => ['', '```text', report!.replaceAll('```', "'''"), '```']),
    '',
  ].join('\n');
}

const line = ({ check, level, text, fix, commands = [] }: Finding) =>
  [
    `- ${level === 'failure' ? '❌' : '⚠️'} **${check}** ${cell(text)}${fix ? ` → ${cell(fix)}` : ''}`,
    ...(commands.length > 0 ? ['  ```sh', ...commands.map((command) => `  ${command}`), '  ```'] : []),
  ].join('\n');
